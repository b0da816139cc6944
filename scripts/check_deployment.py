"""The project's own statements about its deployment files; scripts/check-deployment runs them."""

import http.server
import json
import os
import pathlib
import re
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile

import yaml
from pycep import BicepParser

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUEUES = {"certificate-alerts", "certificate-teams"}
CONTAINERS = {"rejected", "certificate-state"}
SUMMARY = {
    "function", "events", "records", "matches", "alerts", "suppressed", "expected", "rejected",
    "undecodable", "lagSeconds", "durationMs", "invocationId",
}
PACKAGE = {
    "host.json", "CertificateAccessed/function.json", "NotifyTeams/function.json",
    "LICENSE", "NOTICE", "bin/certificate-accessed",
}


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def listed(folder, pattern):
    return sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob(pattern))


def bicep():
    return listed("infra", "*.bicep")


def parameters(source):
    """Name to whether a default is given."""
    return {m[1]: bool(m[2]) for m in re.finditer(r"^param (\w+) \w+( =)?", source, re.MULTILINE)}


def outputs(source):
    return set(re.findall(r"^output (\w+) ", source, re.MULTILINE))


def modules(source):
    """Symbol, file and parameter names of every module that a file uses."""
    for m in re.finditer(r"^module (\w+) '([^']+)' = .*?\n}$", source, re.MULTILINE | re.DOTALL):
        block = re.search(r"^  params: \{\n(.*?)^  \}$", m[0], re.MULTILINE | re.DOTALL)
        yield m[1], m[2], set(re.findall(r"^    (\w+):", block[1], re.MULTILINE)) if block else set()


class Bicep(unittest.TestCase):
    def test_every_file_parses(self):
        for name in bicep():
            with self.subTest(name):
                BicepParser().parse(text=text(name))

    def test_every_parameter_is_described(self):
        for name in bicep():
            lines = text(name).splitlines()
            for index, line in enumerate(lines):
                if line.startswith("param "):
                    with self.subTest(f"{name}: {line}"):
                        self.assertTrue(lines[index - 1].startswith("@description('"))

    def test_every_module_gets_its_parameters_and_no_others(self):
        for name in bicep():
            for symbol, path, given in modules(text(name)):
                with self.subTest(f"{name}: {symbol}"):
                    taken = parameters((ROOT / name).parent.joinpath(path).read_text(encoding="utf-8"))
                    self.assertEqual(given - set(taken), set())
                    self.assertEqual({n for n, default in taken.items() if not default} - given, set())

    def test_every_output_that_is_read_exists(self):
        for name in bicep():
            source = text(name)
            files = {symbol: path for symbol, path, _ in modules(source)}
            for symbol, wanted in re.findall(r"\b(\w+)\.outputs\.(\w+)", source):
                with self.subTest(f"{name}: {symbol}.{wanted}"):
                    self.assertIn(wanted, outputs((ROOT / name).parent.joinpath(files[symbol]).read_text(encoding="utf-8")))

    def test_every_parameter_and_variable_is_used(self):
        for name in bicep():
            source = text(name)
            for word in re.findall(r"^(?:param|var) (\w+)", source, re.MULTILINE):
                with self.subTest(f"{name}: {word}"):
                    self.assertGreater(len(re.findall(rf"\b{word}\b", source)), 1)

    def test_every_module_file_is_used(self):
        used = {path for name in bicep() for _, path, _ in modules(text(name))}
        names = {pathlib.PurePath(path).name for path in used}
        self.assertEqual({p.name for p in (ROOT / "infra/modules").glob("*.bicep")}, names)

    def test_modules_are_short(self):
        for name in listed("infra/modules", "*.bicep"):
            with self.subTest(name):
                self.assertLessEqual(len(text(name).splitlines()), 160)

    def test_multi_line_strings_are_not_used(self):
        # They take no placeholders, and look as if they did.
        for name in bicep():
            with self.subTest(name):
                self.assertNotIn("'''", text(name))

    def test_parameter_file_names_parameters_of_main(self):
        given = json.loads(text("infra/main.parameters.json"))["parameters"]
        taken = parameters(text("infra/main.bicep"))
        self.assertEqual(set(given) - set(taken), set())
        self.assertEqual({n for n, default in taken.items() if not default} - set(given), set())

    def test_role_ids_have_one_meaning(self):
        meaning = {}
        guid = r"'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'"
        for name in bicep():
            for word, value in re.findall(rf"(\w+)(?: =|:) {guid}", text(name)):
                self.assertEqual(meaning.setdefault(value, word), word, name)
        self.assertEqual(len(meaning), len(set(meaning.values())))


class Contract(unittest.TestCase):
    def test_storage_has_what_the_bindings_name(self):
        storage = text("infra/modules/storage.bicep")
        for name in QUEUES | CONTAINERS:
            self.assertIn(f"'{name}'", storage)
        for name in listed("CertificateAccessed", "function.json") + listed("NotifyTeams", "function.json"):
            for binding in json.loads(text(name))["bindings"]:
                if "queueName" in binding:
                    self.assertIn(binding["queueName"], QUEUES)
                if binding["type"] == "blob":
                    self.assertIn(binding["path"].split("/")[0], CONTAINERS)

    def test_app_settings(self):
        app = text("infra/modules/function-app.bicep")
        for line in [
            "  STATE_STORE: 'blob'",
            "  RULES: rules",
            "  'AzureWebJobs.NotifyTeams.Disabled': teams ? 'false' : 'true'",
            "        name: 'custom'",
        ]:
            self.assertIn(line + "\n", app)
        self.assertNotIn("FUNCTIONS_WORKER_RUNTIME", app)
        self.assertNotRegex(app, r"listKeys|AccountKey|SharedAccessKey")
        rules = "'CertificateAccessed,AuditedCertificateRead,CertificateDump'"
        self.assertIn(f"param rules string = {rules}", text("infra/main.bicep"))

    def test_hub_and_group_have_one_name_everywhere(self):
        entity, = json.loads(text("local/emulator.json"))["UserConfig"]["NamespaceConfig"][0]["Entities"]
        hub, group = entity["Name"], entity["ConsumerGroups"][0]["Name"]
        module = text("infra/modules/event-hub.bicep")
        self.assertIn(f"param hubName string = '{hub}'", module)
        self.assertIn(f"param consumerGroupName string = '{group}'", module)
        self.assertIn(f'or "{hub}"', text("local/send.py"))
        if (ROOT / "local.settings.json").exists():
            values = json.loads(text("local.settings.json"))["Values"]
            self.assertEqual((values["EVENT_HUB_NAME"], values["EVENT_HUB_CONSUMER_GROUP"]), (hub, group))

    def test_queries_read_fields_that_the_summary_has(self):
        for name in listed("infra/queries", "*.kql"):
            read = set(re.findall(r'line\["(\w+)"\]', text(name)))
            self.assertLessEqual(read, SUMMARY, name)
            self.assertNotIn("'", text(name), name)

    def test_batches_and_memory_are_one_decision(self):
        page = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]+)`? \|", text("docs/performance.md"), re.MULTILINE))
        hub = json.loads(text("host.json"))["extensions"]["eventHubs"]
        names = ["maxEventBatchSize", "minEventBatchSize", "maxWaitTime", "prefetchCount",
                 "targetUnprocessedEventThreshold"]
        self.assertEqual({name: str(hub[name]) for name in names}, {name: page[name].replace(",", "") for name in names})
        memory = page["instanceMemory"].replace(",", "").removesuffix(" MB")
        app = text("infra/modules/function-app.bicep")
        self.assertIn(f"param instanceMemory int = {memory}\n", app)
        allowed = re.search(r"@allowed\(\[([^]]+)\]\)\n@description\('Memory", app)[1]
        self.assertEqual(min(map(int, allowed.split(","))), int(memory), "less than the decision kills the host")
        for default in ["partitionOwnershipExpirationInterval", "loadBalancingUpdateInterval"]:
            self.assertNotIn(default, hub)
            self.assertIn(default, page)

    def test_every_query_is_an_alarm(self):
        alarms = text("infra/modules/alarms.bicep")
        self.assertEqual(
            set(re.findall(r"loadTextContent\('\.\./queries/(\w+)\.kql'\)", alarms)),
            {pathlib.PurePath(n).stem for n in listed("infra/queries", "*.kql")},
        )


class Workflows(unittest.TestCase):
    def test_actions_are_pinned_by_commit(self):
        for name in listed(".github/workflows", "*.yml"):
            for line in text(name).splitlines():
                if re.search(r"\buses:", line) and "./.github/" not in line:
                    with self.subTest(f"{name}: {line.strip()}"):
                        self.assertRegex(line, r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

    def test_one_action_has_one_commit(self):
        pins = {}
        for name in listed(".github/workflows", "*.yml"):
            for action, commit in re.findall(r"uses: ([\w.-]+/[\w.-]+)@(\w+)", text(name)):
                self.assertEqual(pins.setdefault(action, commit), commit)

    def test_rights_are_least_and_input_is_never_pasted_into_a_script(self):
        for name in listed(".github/workflows", "*.yml"):
            content = yaml.safe_load(text(name))
            self.assertEqual(content["permissions"], {"contents": "read"}, name)
            self.assertNotIn("pull_request_target", text(name))
            for job in content["jobs"].values():
                for step in job.get("steps", []):
                    self.assertNotIn("${{", step.get("run", ""), name)

    def test_release_publishes_what_azd_fetches(self):
        package = "certificate-accessed-app.zip"
        for name in [".github/workflows/release.yml", ".github/workflows/deploy.yml", "scripts/fetch-release",
                     "scripts/fetch-release.ps1", "azure.yaml", "scripts/package"]:
            self.assertIn(package, text(name), name)


class Words(unittest.TestCase):
    def texts(self):
        for folder, pattern in [("docs", "deployment.md"), ("local", "*.md")]:
            yield from listed(folder, pattern)

    def test_links_lead_somewhere(self):
        for name in self.texts():
            for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text(name)):
                if not re.match(r"https?:", link):
                    with self.subTest(f"{name}: {link}"):
                        self.assertTrue((ROOT / name).parent.joinpath(link).exists())

    def test_json_files_parse(self):
        for name in ["host.json", "local.settings.json", *listed("infra", "*.json"), *listed("local", "*.json")]:
            if (ROOT / name).exists():
                json.loads(text(name))

    def test_addresses_are_documentation_addresses(self):
        own = re.compile(r"^(127\.0\.0\.1|0\.0\.0\.0|192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+)$")
        for name in [*bicep(), *self.texts(), *listed("local", "*.*"), *listed(".github/workflows", "*.yml")]:
            lines = [line for line in text(name).splitlines() if "contentVersion" not in line]
            for address in re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", "\n".join(lines)):
                self.assertRegex(address, own, name)


def elf(dynamic=False):
    """The least that is an x86-64 program: a header, and a loader's name where it is to be dynamic."""
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 3 if dynamic else 1, 5, 0, 0, 0, 0, 0, 0)


class Tree(unittest.TestCase):
    """A tree with the files that are packed, some that are not, and a program that is none."""

    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        for name in PACKAGE - {"bin/certificate-accessed"}:
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).write_text("{}" if name.endswith(".json") else "words\n")
        self.describe("bin/certificate-accessed")
        for name in ["local.settings.json", ".env", "CertificateAccessed/notes.txt"]:
            (self.root / name).write_text("not for the package")
        (self.root / "program").write_bytes(elf())

    def describe(self, path):
        (self.root / "host.json").write_text(json.dumps({"customHandler": {"description": {"defaultExecutablePath": path}}}))

    def pack(self, *more):
        return subprocess.run([sys.executable, "scripts/package", "program", "app.zip", *more], cwd=self.root,
                              capture_output=True, text=True)


class Package(Tree):
    def test_holds_exactly_what_the_host_needs(self):
        self.assertEqual(self.pack().returncode, 0)
        with zipfile.ZipFile(self.root / "app.zip") as archive:
            self.assertIsNone(archive.testzip())
            modes = {e.filename: (e.create_system, e.external_attr >> 16) for e in archive.infolist()}
        self.assertEqual(set(modes), PACKAGE)
        for name, (system, mode) in modes.items():
            self.assertEqual((system, stat.S_IMODE(mode)), (3, 0o755 if name.startswith("bin/") else 0o644), name)

    def test_same_files_give_the_same_bytes(self):
        self.pack()
        first = (self.root / "app.zip").read_bytes()
        for name in PACKAGE - {"bin/certificate-accessed"}:
            os.utime(self.root / name, (1, 1))
        self.pack()
        self.assertEqual((self.root / "app.zip").read_bytes(), first)

    def test_expected_access_comes_along_when_named(self):
        (self.root / "mine.yml").write_text("[]\n")
        self.assertEqual(self.pack("--expected", "mine.yml").returncode, 0)
        with zipfile.ZipFile(self.root / "app.zip") as archive:
            self.assertEqual(set(archive.namelist()), PACKAGE | {"expected-access.yml"})

    def test_refuses_what_azure_could_not_start(self):
        for content, word in [(b"#!/bin/sh\n" * 9, "ELF"), (elf(dynamic=True), "musl"), (elf()[:63], "ELF")]:
            (self.root / "program").write_bytes(content)
            result = self.pack()
            self.assertEqual(result.returncode, 1)
            self.assertIn(word, result.stderr)
        (self.root / "program").write_bytes(elf())
        self.describe("target/release/certificate-accessed")
        self.assertIn("host.json", self.pack().stderr)
        (self.root / "NOTICE").unlink()
        self.assertIn("NOTICE is missing", self.pack().stderr)


class FetchRelease(Tree):
    """The hook that azd runs, with a `curl` that serves one folder and no `gh` that is signed in."""

    def setUp(self):
        super().setUp()
        self.assertEqual(self.pack().returncode, 0)
        served, tools = self.root / "served", self.root / "tools"
        served.mkdir()
        tools.mkdir()
        name = "certificate-accessed-app.zip"
        shutil.move(self.root / "app.zip", served / name)
        sums = subprocess.run(["sha256sum", name], cwd=served, capture_output=True, text=True, check=True).stdout
        (served / "SHA256SUMS").write_text(sums)
        (self.root / "Cargo.toml").write_text('[package]\nname = "x"\nversion = "1.2.3"\n')
        self.script(tools / "gh", "exit 1\n")
        self.script(tools / "curl", 'while [ "$1" != --output ]; do shift; done\n'
                                    f'echo "$3" >>{self.root}/asked\ncp "{served}/${{3##*/}}" "$2"\n')
        self.served, self.environment = served / name, {
            "PATH": f"{tools}:{os.environ['PATH']}", "CERTIFICATE_ACCESSED_REPOSITORY": "example/certificate-accessed"}
        self.fetched = self.root / "target/azd" / name

    def script(self, path, body):
        path.write_text("#!/bin/sh\n" + body)
        path.chmod(0o755)

    def fetch(self, **more):
        return subprocess.run(["sh", "scripts/fetch-release"], cwd=self.root, capture_output=True, text=True,
                              env={**self.environment, **more})

    def test_takes_the_release_of_this_version(self):
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.fetched.read_bytes(), self.served.read_bytes())
        self.assertIn("/example/certificate-accessed/releases/download/v1.2.3/certificate-accessed-app.zip",
                      (self.root / "asked").read_text())

    def test_refuses_a_package_that_was_changed(self):
        self.served.write_bytes(self.served.read_bytes() + b"x")
        self.assertNotEqual(self.fetch().returncode, 0)

    def test_takes_a_package_of_your_own(self):
        result = self.fetch(CERTIFICATE_ACCESSED_ZIP=str(self.served))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertFalse((self.root / "asked").exists())

    @unittest.skipUnless(shutil.which("zip"), "zip is not installed")
    def test_adds_the_expected_access_file_and_keeps_the_modes(self):
        (self.root / "expected-access.yml").write_text("[]\n")
        self.assertEqual(self.fetch().returncode, 0)
        with zipfile.ZipFile(self.fetched) as archive:
            self.assertEqual(set(archive.namelist()), PACKAGE | {"expected-access.yml"})
            self.assertEqual(stat.S_IMODE(archive.getinfo("bin/certificate-accessed").external_attr >> 16), 0o755)


class Send(unittest.TestCase):
    def test_admin_endpoint_gets_one_event_a_call(self):
        got = []

        class Endpoint(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, self.headers["Content-Type"], json.loads(body)))
                self.send_response(202)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Endpoint)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        envelope = '{"records":[{"callerIpAddress":"192.0.2.7"}]}'
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "a.json").write_text(envelope)
            (path / "b.ndjson").write_text('{"a":1}\n\n{"a":2}\n')
            result = subprocess.run(
                [sys.executable, ROOT / "local/send.py", "--admin", "--host", f"http://127.0.0.1:{server.server_port}", folder],
                capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, "3 events sent\n"), result.stderr)
        self.assertEqual([call[2]["input"] for call in got], [envelope, '{"a":1}', '{"a":2}'])
        self.assertEqual({call[:2] for call in got}, {("/admin/functions/CertificateAccessed", "application/json")})


if __name__ == "__main__":
    unittest.main()
