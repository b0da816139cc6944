//! What the first bytes of a file say of the machine that runs it.

/// The machine is named as Rust names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Program {
    /// The operating system.
    pub(super) os: &'static str,
    /// The processor, where it is known.
    arch: Option<&'static str>,
    /// Whether it asks for a loader, and so for the libc of the machine.
    pub(super) needs_loader: bool,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Program(Program),
    CutOff,
    Unknown,
}

impl Program {
    /// Whether a machine can run it, as far as is known.
    pub(super) fn runs_on(&self, os: &str, arch: &str) -> bool {
        self.os == os && self.arch.is_none_or(|own| own == arch)
    }

    /// The machine in words.
    pub(super) fn machine(&self) -> String {
        machine(self.os, self.arch)
    }

    /// The program in words.
    pub(super) fn told(&self) -> String {
        let program = format!("a {} program", system(self.os));
        self.arch.map_or_else(|| program.clone(), |arch| format!("{program} for {}", processor(arch)))
    }
}

fn system(os: &str) -> &str {
    match os {
        "linux" => "Linux",
        "macos" => "macOS",
        "windows" => "Windows",
        other => other,
    }
}

fn processor(arch: &str) -> &str {
    if arch == "x86_64" { "x86-64" } else { arch }
}

/// A machine in words.
pub(super) fn machine(os: &str, arch: Option<&str>) -> String {
    let os = system(os);
    arch.map_or_else(|| os.to_owned(), |arch| format!("{os} on {}", processor(arch)))
}

/// Tells what a file is by its beginning and its length.
pub(super) fn of(bytes: &[u8], length: u64) -> Kind {
    let program = |os, arch| Kind::Program(Program { os, arch, needs_loader: false });
    match bytes {
        [0x7f, b'E', b'L', b'F', ..] => elf(bytes, length).unwrap_or(Kind::CutOff),
        [0xcf, 0xfa, 0xed, 0xfe, processor @ ..] => program(
            "macos",
            match processor {
                [7, 0, 0, 1, ..] => Some("x86_64"),
                [12, 0, 0, 1, ..] => Some("aarch64"),
                _ => None,
            },
        ),
        // One file for several processors.
        [0xca, 0xfe, 0xba, 0xbe, ..] => program("macos", None),
        [b'M', b'Z', ..] => program("windows", windows_processor(bytes)),
        _ => Kind::Unknown,
    }
}

fn windows_processor(bytes: &[u8]) -> Option<&'static str> {
    let header = usize::try_from(u32_at(bytes, 0x3c)?).ok()?;
    match u16_at(bytes, header.checked_add(4)?)? {
        0x8664 => Some("x86_64"),
        0xaa64 => Some("aarch64"),
        0x14c => Some("x86"),
        _ => None,
    }
}

/// `None` where the file ends before what its header promises.
fn elf(bytes: &[u8], length: u64) -> Option<Kind> {
    let processor = |machine| match machine {
        3 => Some("x86"),
        40 => Some("arm"),
        62 => Some("x86_64"),
        183 => Some("aarch64"),
        243 => Some("riscv64"),
        _ => Some("another processor"),
    };
    let (class, machine) = (*bytes.get(4)?, u16_at(bytes, 18)?);
    let arch = processor(machine);
    if class != 2 || *bytes.get(5)? != 1 {
        // 32 bits, or the other byte order: its tables are laid out otherwise, and no target runs it.
        let arch = arch.filter(|arch| *arch != "x86_64").or(Some("another processor"));
        return Some(Kind::Program(Program { os: "linux", arch, needs_loader: false }));
    }
    if !matches!(u16_at(bytes, 16)?, 2 | 3) {
        return Some(Kind::Unknown);
    }
    let table = |offset, size: u16, count: u16| u64_at(bytes, offset)?.checked_add(u64::from(size) * u64::from(count));
    let (size, count) = (u16_at(bytes, 54)?, u16_at(bytes, 56)?);
    let sections = table(40, u16_at(bytes, 58)?, u16_at(bytes, 60)?)?;
    if count == 0 || table(32, size, count)? > length || sections > length {
        return None;
    }
    let first = usize::try_from(u64_at(bytes, 32)?).ok()?;
    let mut needs_loader = false;
    for index in 0..usize::from(count) {
        let start = first.checked_add(index * usize::from(size))?;
        let end = u64_at(bytes, start.checked_add(8)?)?.checked_add(u64_at(bytes, start.checked_add(32)?)?)?;
        match u32_at(bytes, start)? {
            // A segment that is loaded has to be in the file.
            1 if end > length => return None,
            3 => needs_loader = true,
            _ => {}
        }
    }
    Some(Kind::Program(Program { os: "linux", arch, needs_loader }))
}

fn u16_at(bytes: &[u8], start: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(start..start.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], start: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(start..start.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], start: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(start..start.checked_add(8)?)?.try_into().ok()?))
}
