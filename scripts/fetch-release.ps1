# Puts the package that azd deploys at target/azd/certificate-accessed-app.zip: see scripts/fetch-release,
# whose words and settings are the same.
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
Set-Location (Join-Path $PSScriptRoot '..')

$package = 'certificate-accessed-app.zip'
$folder = Join-Path 'target' 'azd'
$target = Join-Path $folder $package
New-Item -ItemType Directory -Force $folder | Out-Null

if ($env:CERTIFICATE_ACCESSED_ZIP) {
    Copy-Item -Force $env:CERTIFICATE_ACCESSED_ZIP $target
}
else {
    $version = $env:CERTIFICATE_ACCESSED_VERSION
    if (-not $version) {
        $version = 'v' + (Select-String -Path Cargo.toml -Pattern '^version = "(.*)"$' | Select-Object -First 1).Matches[0].Groups[1].Value
    }
    $repository = $env:CERTIFICATE_ACCESSED_REPOSITORY
    if (-not $repository) {
        if ("$(git remote get-url origin)" -match 'github\.com[:/]([^/]+/[^/]+?)(\.git)?$') { $repository = $Matches[1] }
        else { throw 'fetch-release: set CERTIFICATE_ACCESSED_REPOSITORY to owner/name' }
    }
    $sums = Join-Path $folder 'SHA256SUMS'
    foreach ($file in @($package, 'SHA256SUMS')) {
        Invoke-WebRequest -Uri "https://github.com/$repository/releases/download/$version/$file" -OutFile (Join-Path $folder $file)
    }
    if (Get-Command gh -ErrorAction SilentlyContinue) {
        gh auth status *> $null
        if ($LASTEXITCODE -eq 0) {
            gh attestation verify $target --repo $repository
            if ($LASTEXITCODE -ne 0) { throw 'fetch-release: the attestation does not fit' }
        }
    }
    $line = Get-Content $sums | Where-Object { $_.EndsWith(" $package") } | Select-Object -First 1
    if (-not $line) { throw "fetch-release: SHA256SUMS does not name $package" }
    if ((Get-FileHash $target -Algorithm SHA256).Hash -ne $line.Split(' ')[0]) { throw 'fetch-release: the checksum does not fit' }
}

if (Test-Path 'expected-access.yml') {
    Compress-Archive -Update -Path 'expected-access.yml' -DestinationPath $target
    Write-Output 'expected-access.yml is in the package: EXPECTED_ACCESS must name it'
}
Write-Output $target
