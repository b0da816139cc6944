//! Which machine a program is for, by the first bytes of its file.

use std::fmt;

const CUT_OFF: &str = "is cut off: it is shorter than its header says";
const NO_PROGRAM: &str = "is no program that a machine can run";

/// A program; system and processor are named as Rust names them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Program {
    pub(super) os: &'static str,
    /// The processor, if it is known.
    arch: Option<&'static str>,
    /// Whether it is linked dynamically, and so needs the libc of the machine.
    pub(super) needs_loader: bool,
}

impl Program {
    /// Recognizes a program by the beginning and the length of its file, or says what is wrong with it.
    pub(super) fn of(bytes: &[u8], length: u64) -> Result<Self, &'static str> {
        let program = |os, arch| Ok(Self { os, arch, needs_loader: false });
        match bytes {
            [0x7f, b'E', b'L', b'F', ..] => elf(bytes, length).ok_or(CUT_OFF)?,
            [0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, ..] => program("macos", Some("x86_64")),
            [0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1, ..] => program("macos", Some("aarch64")),
            // 0xcafebabe is a universal binary, for several processors.
            [0xcf, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => program("macos", None),
            [b'M', b'Z', ..] => program("windows", windows_processor(bytes)),
            _ => Err(NO_PROGRAM),
        }
    }

    /// Whether a machine can run it, as far as is known.
    pub(super) fn runs_on(&self, os: &str, arch: &str) -> bool {
        self.os == os && self.arch.is_none_or(|own| own == arch)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [("linux", "Linux"), ("macos", "macOS"), ("windows", "Windows")];
        let os = names.iter().find(|(os, _)| *os == self.os).map_or(self.os, |(_, name)| name);
        let processor = self.arch.map(|arch| format!(" for {}", arch.replace('_', "-"))).unwrap_or_default();
        write!(formatter, "{os} program{processor}")
    }
}

fn windows_processor(bytes: &[u8]) -> Option<&'static str> {
    let header = usize::try_from(number(bytes, 0x3c, 4)?).ok()?;
    match number(bytes, header.checked_add(4)?, 2)? {
        0x8664 => Some("x86_64"),
        0xaa64 => Some("aarch64"),
        0x14c => Some("x86"),
        _ => None,
    }
}

/// `None` if the file ends before what its header announces.
fn elf(bytes: &[u8], length: u64) -> Option<Result<Program, &'static str>> {
    let field = |start: u64, size| number(bytes, usize::try_from(start).ok()?, size);
    // Files of 32 bits or of the other byte order have other tables, and none of our targets runs them.
    if field(4, 1)? != 2 || field(5, 1)? != 1 {
        return Some(Ok(Program { os: "linux", arch: Some("another processor"), needs_loader: false }));
    }
    let arch = match field(18, 2)? {
        62 => "x86_64",
        183 => "aarch64",
        _ => "another processor",
    };
    let (first, size, count) = (field(32, 8)?, field(54, 2)?, field(56, 2)?);
    let mut needs_loader = false;
    for index in 0..count {
        let start = first.checked_add(index * size)?;
        let end = field(start.checked_add(8)?, 8)?.checked_add(field(start.checked_add(32)?, 8)?)?;
        match field(start, 4)? {
            // PT_LOAD: the segment has to be in the file.
            1 if end > length => return None,
            // PT_INTERP: the name of a loader.
            3 => needs_loader = true,
            _ => {}
        }
    }
    let sections = field(40, 8)?.checked_add(field(58, 2)? * field(60, 2)?)?;
    if count == 0 || sections > length {
        return None;
    }
    let is_program = matches!(field(16, 2)?, 2 | 3);
    Some(if is_program { Ok(Program { os: "linux", arch: Some(arch), needs_loader }) } else { Err(NO_PROGRAM) })
}

/// A little-endian number.
fn number(bytes: &[u8], start: usize, size: usize) -> Option<u64> {
    let bytes = bytes.get(start..start.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
