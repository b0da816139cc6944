# Puts the package that azd deploys at target/azd/certificate-accessed-app.zip: see scripts/fetch-release,
# whose words and settings are the same.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
Set-Location (Join-Path $PSScriptRoot '..')

$package = 'certificate-accessed-app.zip'
$folder = Join-Path 'target' 'azd'
$target = Join-Path $folder $package
New-Item -ItemType Directory -Force $folder | Out-Null

function Test-SignedIn {
    if (-not (Get-Command gh -ErrorAction SilentlyContinue)) { return $false }
    gh auth status *> $null
    return $LASTEXITCODE -eq 0
}

function Get-CargoValue($pattern) {
    (Select-String -Path Cargo.toml -Pattern $pattern | Select-Object -First 1).Matches[0].Groups[1].Value
}

# On Windows .NET writes every entry anew as made by DOS, under which the modes, and with them the executable
# bit, mean nothing: the upper byte of "version made by" says it, and 3 is Unix.
function Set-MadeByUnix($path) {
    $bytes = [IO.File]::ReadAllBytes($path)
    $end = $bytes.Length - 22
    while ([BitConverter]::ToUInt32($bytes, $end) -ne 0x06054b50) { $end-- }
    $at = [BitConverter]::ToUInt32($bytes, $end + 16)
    for ($left = [BitConverter]::ToUInt16($bytes, $end + 10); $left -gt 0; $left--) {
        $bytes[$at + 5] = 3
        $lengths = 28, 30, 32 | ForEach-Object { [BitConverter]::ToUInt16($bytes, $at + $_) }
        $at += 46 + ($lengths | Measure-Object -Sum).Sum
    }
    [IO.File]::WriteAllBytes($path, $bytes)
}

if ($env:CERTIFICATE_ACCESSED_ZIP) {
    Copy-Item -Force $env:CERTIFICATE_ACCESSED_ZIP $target
}
else {
    $version = $env:CERTIFICATE_ACCESSED_VERSION
    if (-not $version) { $version = 'v' + (Get-CargoValue '^version = "(.*)"$') }
    $repository = $env:CERTIFICATE_ACCESSED_REPOSITORY
    if (-not $repository) { $repository = Get-CargoValue '^repository = "https://github.com/(.*)"$' }
    if ($repository -like 'OWNER/*') {
        throw 'fetch-release: Cargo.toml does not say yet who publishes the releases: set CERTIFICATE_ACCESSED_REPOSITORY to owner/name'
    }
    $signedIn = Test-SignedIn
    foreach ($file in @($package, 'SHA256SUMS')) {
        $path = Join-Path $folder $file
        if (Test-Path $path) { Remove-Item $path }
        if ($signedIn) {
            gh release download $version --repo $repository --dir $folder --pattern $file
        }
        else {
            try { Invoke-WebRequest -Uri "https://github.com/$repository/releases/download/$version/$file" -OutFile $path }
            catch { Write-Output "$_" }
        }
        if (-not (Test-Path $path)) {
            throw "fetch-release: no $file in a release $version of ${repository}: set CERTIFICATE_ACCESSED_VERSION to a tag that is there"
        }
    }
    $line = Get-Content (Join-Path $folder 'SHA256SUMS') | Where-Object { $_.EndsWith(" $package") } | Select-Object -First 1
    if (-not $line) { throw "fetch-release: SHA256SUMS does not name $package" }
    if ((Get-FileHash $target -Algorithm SHA256).Hash -ne $line.Split(' ')[0]) { throw 'fetch-release: the checksum does not fit' }
    if ($signedIn -and ("$(gh attestation verify --help 2>&1)" -match '--source-ref')) {
        gh attestation verify $target --repo $repository `
            --source-ref "refs/tags/$version" --signer-workflow "$repository/.github/workflows/release.yml"
        if ($LASTEXITCODE -ne 0) { throw 'fetch-release: the attestation does not fit' }
    }
    else {
        Write-Output 'fetch-release: only the checksum was checked. For the attestation take a new gh and sign in: gh auth login'
    }
}

if (Test-Path 'expected-access.yml') {
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $path = (Resolve-Path $target).Path
    $archive = [IO.Compression.ZipFile]::Open($path, 'Update')
    try {
        $old = $archive.GetEntry('expected-access.yml')
        if ($old) { $old.Delete() }
        $entry = [IO.Compression.ZipFileExtensions]::CreateEntryFromFile(
            $archive, (Resolve-Path 'expected-access.yml').Path, 'expected-access.yml')
        $entry.ExternalAttributes = 0x81A4 -shl 16 # a file that all may read and its owner may write
    }
    finally { $archive.Dispose() }
    Set-MadeByUnix $path
    Write-Output 'expected-access.yml is in the package: EXPECTED_ACCESS must name it'
}

if (Get-Command certificate-accessed -ErrorAction SilentlyContinue) {
    certificate-accessed doctor $target
    if ($LASTEXITCODE -ne 0) { throw 'fetch-release: the package would not run: see above' }
}
else {
    Write-Output 'fetch-release: the package was not examined: there is no certificate-accessed on the PATH'
}
Write-Output $target
# azd ends with what the last program left, and gh leaves 1 where it is not signed in.
exit 0
