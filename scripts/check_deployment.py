"""The project's own statements about its deployment files; scripts/check-deployment runs them."""

import base64
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
CONTAINERS = {"rejected", "certificate-state", "certificate-learnt", "expected-access"}
SUMMARY = {
    "function", "events", "records", "recordsByKind", "matches", "alerts", "alertsBySeverity", "suppressed", "withoutCard", "pending", "familiar", "expected",
    "rejected", "undecodable", "undetermined", "lagSeconds", "durationMs", "invocationId",
    "teamsFault", "stateFault", "expectedAccessFault", "learningFault", "learningUntil",
    "sigmaFault", "sigmaNotFed",
}
PACKAGE = {
    "host.json", "CertificateAccessed/function.json", "NotifyTeams/function.json",
    "LICENSE", "NOTICE", "bin/certificate-accessed",
    *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("sigma/*.yml") if not path.name.endswith(".tests.yml")),
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
    for m in re.finditer(r"^module (\w+) '([^']+)' = .*?\n[}\]]$", source, re.MULTILINE | re.DOTALL):
        block = re.search(r"^( +)params: \{\n(.*?)^\1\}$", m[0], re.MULTILINE | re.DOTALL)
        yield m[1], m[2], set(re.findall(rf"^{block[1]}  (\w+):", block[2], re.MULTILINE)) if block else set()


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

    def test_documented_tables_name_every_setting_and_alarm(self):
        page = text("docs/deployment.md")
        own = {"AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE"}
        for name in set(re.findall(r"\$\{(\w+)", text("infra/main.parameters.json"))) - own:
            self.assertIn(f"| `{name}` |", page)
        for alarm in re.findall(r"^    name: '(\w+)'$", text("infra/modules/alarms.bicep"), re.MULTILINE):
            self.assertIn(f"| {alarm} |", page)

    def test_modules_are_short(self):
        for name in listed("infra/modules", "*.bicep"):
            with self.subTest(name):
                self.assertLessEqual(len(text(name).splitlines()), 160)

    def test_long_lines_are_broken_as_bicep_breaks_them(self):
        # `bicep format` breaks at 120 whatever it can, which is all but comments and strings; ci.yml runs it.
        for name in bicep():
            for line in text(name).splitlines():
                if len(line) > 120 and not line.lstrip().startswith("//"):
                    with self.subTest(f"{name}: {line}"):
                        self.assertRegex(line, r"^\s*(var )?\S+(:| =) '.*'$")
            self.assertNotIn("[for ", text(name), name)

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


class Azd(unittest.TestCase):
    """What azd and Azure refuse or do, as read in their sources: nobody sees it before the first deployment."""

    def setUp(self):
        self.project = yaml.safe_load(text("azure.yaml"))
        self.main = text("infra/main.bicep")

    def test_nothing_waits_for_a_switch_in_azd(self):
        for service in self.project["services"].values():
            self.assertNotIn("language", service, "azd refuses `language: custom` unless an alpha feature is on")
        name, = self.project["services"]
        package, = set(re.findall(r"target/azd/\S+\.zip", text("azure.yaml")))
        self.assertEqual(self.project["workflows"]["up"]["steps"],
                         [{"azd": "provision"}, {"azd": f"deploy {name} --from-package {package}"}])
        self.assertIn("fetch-release", self.project["hooks"]["predeploy"]["posix"]["run"])
        self.assertIn("fetch-release.ps1", self.project["hooks"]["predeploy"]["windows"]["run"])

    def test_azd_spares_resource_groups_that_are_not_its_own(self):
        version = re.fullmatch(r">= (\d+)\.(\d+)\.(\d+)", self.project["requiredVersions"]["azd"])
        self.assertGreaterEqual(tuple(map(int, version.groups())), (1, 24, 1), "older ones delete them on `azd down`")

    def test_nothing_is_written_into_a_resource_group_that_is_not_its_own(self):
        self.assertNotRegex(self.main, r"scope: resourceGroup\(")
        for name in listed("infra/modules", "*.bicep"):
            for scope in re.findall(r"scope: resourceGroup\((.*)\)", text(name)):
                self.assertIn("namespaceGroup", scope, name)

    def test_hub_and_app_may_stand_in_two_regions(self):
        for word in ["location", "appLocation"]:
            before = self.main.split(f"\nparam {word} string")[0].split("\n\n")[-1]
            self.assertRegex(before, r"@metadata\(\{\s+azd: \{\s+type: 'location'", word)
        places = dict(re.findall(r"^module (\w+) (?:(?!^\}).)*?\n    location: (\w+)\n", self.main, re.MULTILINE | re.DOTALL))
        self.assertEqual((places["functionApp"], places["storage"], places["eventHub"]), ("appRegion", "appRegion", "location"))
        self.assertEqual(places["alarms"], places["monitoring"], "an alarm stands in the region of its workspace")

    def test_who_deploys_may_read_the_first_alert(self):
        given = json.loads(text("infra/main.parameters.json"))["parameters"]
        self.assertEqual(given["deployerId"]["value"], "${AZURE_PRINCIPAL_ID}")
        self.assertIn("'19e7f393-937e-4f77-808e-94535e297925'", text("infra/modules/deployer.bicep"))

    def test_the_first_hour_has_its_failures(self):
        table = text("docs/deployment.md").split("## The first hour")[1].split("\n## ")[0]
        for failure in ["RoleAssignmentUpdateNotPermitted", "AuthorizationFailed", "APP_LOCATION", "`certificate-state` alone",
                        "on one queue or on `rejected` alone", "teamsFault", "new role takes up to ten minutes"]:
            self.assertIn(failure, table)

    def test_a_role_has_its_principal_in_its_name(self):
        # Else a second deployment gives an old role to a new identity, which Azure refuses.
        for name in bicep():
            for named in re.findall(r"roleAssignments@.*?\n  name: (.*?)\n", text(name), re.DOTALL):
                self.assertRegex(named, r"^guid\(.*\b(principalId)\b", name)

    def test_what_if_sees_every_module(self):
        # It leaves out what is named by an output of another module. A principal has no name before it is made.
        self.assertEqual(
            set(re.findall(r"^    (\w*[nN]ame): \w+\.outputs", self.main, re.MULTILINE)) - {"storageName"}, set())
        for module in re.findall(r"^module (\w+) 'modules/(?!function-app)[^\n]*\n(.*?)^}", self.main, re.M | re.S):
            self.assertNotRegex(module[1], r"(storageName|namespaceName|hubName|insightsName): \w+\.outputs", module[0])

    def test_two_environments_of_a_region_do_not_fight_over_a_setting(self):
        self.assertIn("var settingName = 'certificate-accessed-${environmentName}'", self.main)
        for name in bicep():
            self.assertNotRegex(text(name), r"(?s)diagnosticSettingName: \{\s+value: '")
            self.assertNotRegex(text(name), r"param settingName string =", name)

    def test_deployment_names_fit(self):
        for name in bicep():
            longest = {m[2]: int(m[1]) for m in re.finditer(r"@maxLength\((\d+)\)\n@desc[^\n]*\nparam (\w+)", text(name))}
            for prefix, word in re.findall(r"^  name: '([\w-]+)\$\{(assignmentName)\}'", text(name), re.MULTILINE):
                self.assertLessEqual(len(prefix) + longest[word], 64, f"{name}: {prefix}")
        self.assertIn("@maxLength(24)\n@description('Name of the assignment.", text("infra/management-group.bicep"))

    def test_no_parameter_that_holds_names_looks_like_a_secret(self):
        for name in bicep():
            for secure, word in re.findall(r"(@secure\(\)\n)?(?:@.*\n)*param (\w*[sS]ecrets?)\b", text(name)):
                self.assertTrue(secure, f"{name}: {word}")

    def test_the_policy_is_the_same_for_one_subscription_and_for_many(self):
        def parts(name):
            return re.findall(r"value: (\w+)|var definition = ('.*')|role\w*: '(.*)'", text(name))
        self.assertEqual(parts("infra/modules/vault-policy.bicep"), parts("infra/management-group.bicep"))
        body = lambda name: re.findall(r"^var .*|^    principal.*", text(f"infra/modules/{name}.bicep"), re.MULTILINE)
        self.assertEqual(body("settings-writer"), body("group-settings-writer"))

    def test_flex_consumption_gets_only_what_it_takes(self):
        app = text("infra/modules/function-app.bicep")
        for word in ["ftpsState", "name: 'ftp'", "linuxFxVersion", "FUNCTIONS_WORKER_RUNTIME"]:
            self.assertNotIn(word, app)


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
        self.assertIn("param rules string = 'all'", text("infra/main.bicep"))

    def test_hub_and_group_have_one_name_everywhere(self):
        entity, = json.loads(text("local/emulator.json"))["UserConfig"]["NamespaceConfig"][0]["Entities"]
        hub, group = entity["Name"], entity["ConsumerGroups"][0]["Name"]
        module = text("infra/modules/event-hub.bicep")
        self.assertIn(f"var hubName = '{hub}'", text("infra/main.bicep"))
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

    def test_every_kind_of_record_is_missed_where_a_rule_needs_it(self):
        alarms = text("infra/modules/alarms.bicep")
        kinds = {"ActivityLog": "ofActivityLog", "KeyVaultAudit": "ofKeyVault"}
        for path in sorted((ROOT / "src/rules").glob("*.rs")):
            reads = re.search(r"reads: &\[(.*)\],", path.read_text(encoding="utf-8"))
            if not reads:
                continue
            word = path.stem.replace("_", "")
            named = {line.split()[1] for line in alarms.splitlines() if line.startswith("var ") and f"'{word}'" in line}
            if "all" in named:
                named = set(kinds.values())
            self.assertEqual(named, {kinds[kind] for kind in re.findall(r"RecordKind::(\w+)", reads[1])}, word)

    def test_cards_at_once_are_what_the_page_says(self):
        queues = json.loads(text("host.json"))["extensions"]["queues"]
        most = re.search(r"param maximumInstances int = (\d+)", text("infra/modules/function-app.bicep"))[1]
        page = " ".join(text("docs/teams.md").split())
        self.assertIn(f"(`batchSize` {queues['batchSize']}, `newBatchThreshold` {queues['newBatchThreshold']})", page)
        self.assertIn(f"{most} at the most (`maximumInstances`)", page)

    def test_the_logic_app_posts_only_what_an_alert_has_and_keeps_nothing_readable(self):
        schema = json.loads(text("schema/alert.schema.json"))
        formats = {pathlib.PurePath(n).stem: text(n) for n in listed("infra/forward", "*.json")}
        for name, body in formats.items():
            json.loads(body)
            for path in re.findall(r"outputs\('Alert'\)((?:\?\['\w+'\])+)", body):
                place = schema
                for key in re.findall(r"'(\w+)'", path):
                    while "$ref" in place:
                        place = schema["$defs"][place["$ref"].split("/")[-1]]
                    self.assertIn(key, place["properties"], f"{name}: {path}")
                    place = place["properties"][key]
            for expression in re.findall(r'"@\{?(.*?)\}?",?\n', body):
                self.assertEqual(expression.count("("), expression.count(")"), expression)
        module = text("infra/modules/queue-forwarder.bicep")
        listed_formats, = set(re.findall(r"@allowed\(\[('alert'.*)\]\)", module + text("infra/main.bicep")))
        self.assertEqual(set(re.findall(r"'(\w+)'", listed_formats)), {"alert", *formats})
        actions = len(re.findall(r"type: '(?:Http|Compose)'", module))
        self.assertEqual(len(re.findall(r"runtimeConfiguration: hidden", module)), actions)
        self.assertIn("properties: ['inputs', 'outputs']", module)

    def test_the_emulator_takes_its_configuration(self):
        for entity in json.loads(text("local/emulator.json"))["UserConfig"]["NamespaceConfig"][0]["Entities"]:
            self.assertIs(type(entity["PartitionCount"]), int)

    def test_every_alarm_reaches_whoever_is_named(self):
        alarms = text("infra/modules/alarms.bicep")
        self.assertEqual(len(re.findall("actionGroups:", alarms)), 1)
        self.assertIn("concat(empty(email) ? [] : [people.id], empty(actionGroupId) ? [] : [actionGroupId])", alarms)
        self.assertIn('"alarmActionGroupId": { "value": "${ALARM_ACTION_GROUP_ID=}" }', text("infra/main.parameters.json"))

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

    def test_ci_compiles_with_a_pinned_bicep_and_a_scheduled_run_with_the_newest(self):
        ci, newest = text(".github/workflows/ci.yml"), text(".github/workflows/newest-bicep.yml")
        self.assertRegex(ci, r"az bicep install --version v\d+\.\d+\.\d+\n")
        self.assertRegex(newest, r"(?s)schedule:.*run: az bicep install\n")
        for template in listed("infra", "*.bicep"):
            if "/modules/" not in template:
                self.assertIn(template, ci)
                self.assertIn(template, newest)
        for word in ["az bicep format", "bicep snapshot", "git diff --exit-code -- infra"]:
            self.assertIn(word, ci)
        for name in listed("infra/snapshots", "*.bicepparam"):
            given = set(re.findall(r"^param (\w+) =", text(name), re.MULTILINE))
            self.assertLessEqual(given, set(parameters(text("infra/main.bicep"))), name)

    def test_the_end_to_end_run_compares_the_queue_with_replay(self):
        run = text(".github/workflows/end-to-end.yml")
        for word in ["func start </dev/null", "--example compare_alerts", "local/send.py", "local/receive.py", "local/sink.py",
                     "azd hooks run predeploy", "ubuntu-24.04, windows-2025", "create_system == 3"]:
            self.assertIn(word, run)
        self.assertNotRegex(run, r"ACCEPT_EULA: *[\"']?Y", "a licence is accepted by the maintainer alone")
        steps = [step.get("run", "") for step in yaml.safe_load(run)["jobs"]["hooks"]["steps"]]
        self.assertLessEqual({match for step in steps for match in re.findall(r"azd hooks run (\w+)", step)},
                             set(yaml.safe_load(text("azure.yaml"))["hooks"]))

    def test_the_scripts_in_workflows_are_clean(self):
        shellcheck = ROOT / "target/check-deployment/bin/shellcheck"
        for name in listed(".github/workflows", "*.yml"):
            for job in yaml.safe_load(text(name))["jobs"].values():
                for step in job.get("steps", []):
                    with self.subTest(f"{name}: {step.get('name', step.get('run'))}"):
                        done = subprocess.run([shellcheck, "--shell", "bash", "-"], input="set -e\n" + step.get("run", ""),
                                              capture_output=True, text=True)
                        self.assertEqual(done.returncode, 0, done.stdout)

    def test_jobs_and_files_that_workflows_name_exist(self):
        for name in listed(".github/workflows", "*.yml"):
            jobs = yaml.safe_load(text(name))["jobs"]
            for job in jobs.values():
                needs = job.get("needs", [])
                self.assertLessEqual({needs} if isinstance(needs, str) else set(needs), set(jobs), name)
            for path in re.findall(r"\b((?:local|scripts|docs|infra)/[\w./-]+\.\w+)", text(name)):
                if not path.endswith(".zip"):
                    self.assertTrue((ROOT / path).exists(), f"{name}: {path}")

    def test_release_publishes_what_azd_fetches(self):
        package = "certificate-accessed-app.zip"
        for name in [".github/workflows/release.yml", ".github/workflows/deploy.yml", "scripts/fetch-release",
                     "scripts/fetch-release.ps1", "azure.yaml", "scripts/package"]:
            self.assertIn(package, text(name), name)


class Documented(unittest.TestCase):
    """Command lines of the page, run as they stand, with stand-ins that write down how they are called."""

    def run_block(self, after, **values):
        page = text("docs/deployment.md").split(f"### {after}\n")[1]
        block = re.search(r"```sh\n(.*?)```", page, re.DOTALL)[1]
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        cases = "".join(f'  "env get-value {name}") echo {value} ;;\n' for name, value in values.items())
        tools = {
            "azd": f'case "$*" in\n{cases}esac\n',
            "az": 'case "$*" in\n  "policy assignment show "*) echo principal ;;\n'
                  '  "role assignment list "*) echo role-1; echo role-2 ;;\n  "keyvault list "*) echo vault-1 ;;\nesac\n',
        }
        for name, body in tools.items():
            (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >>{folder}/calls\n{body}')
            (folder / name).chmod(0o755)
        subprocess.run(["sh", "-euc", block], check=True, env={"PATH": f"{folder}:{os.environ['PATH']}"})
        return [call for call in (folder / "calls").read_text().splitlines() if "get-value" not in call]

    def test_what_azd_leaves_is_taken_away_before_it(self):
        calls = self.run_block("Take it away", DIAGNOSTICS_SETTING="certificate-accessed-x", VAULT_POLICY_ASSIGNMENT="policy-x")
        for call in ["az monitor diagnostic-settings subscription delete --name certificate-accessed-x --yes",
                     "az role assignment delete --ids role-1", "az role assignment delete --ids role-2",
                     "az policy assignment delete --name policy-x",
                     "az monitor diagnostic-settings delete --name certificate-accessed-x --resource vault-1"]:
            self.assertIn(call, calls)
        self.assertEqual(calls[-1], "azd down")
        self.assertLess(calls.index("az role assignment delete --ids role-2"),
                        calls.index("az policy assignment delete --name policy-x"))

    def test_every_value_that_is_asked_of_azd_is_an_output(self):
        known = outputs(text("infra/main.bicep"))
        for name in ["docs/deployment.md", "scripts/next-steps.txt"]:
            asked = set(re.findall(r"azd env get-value (\w+)", text(name)))
            self.assertLessEqual(asked, known, name)
        self.assertLessEqual(set(yaml.safe_load(text("azure.yaml"))["pipeline"]["variables"]), known)

    def test_parameters_on_a_command_line_are_the_templates(self):
        for template in ["infra/main.bicep", "infra/management-group.bicep"]:
            taken = parameters(text(template))
            for line in re.findall(rf"--template-file {template} (?:\\\n\s+)?--parameters (.*?)\n(?!  )",
                                   text("docs/deployment.md"), re.DOTALL):
                given = set(re.findall(r"(\w+)=", line))
                self.assertEqual((given - set(taken), {n for n, default in taken.items() if not default} - given),
                                 (set(), set()), line)


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
        self.cargo("https://github.com/example/certificate-accessed")
        self.tools = tools
        self.script(tools / "gh", "exit 1\n")
        self.script(tools / "certificate-accessed", f'echo "$*" >>{self.root}/examined\n')
        self.script(tools / "curl", 'while [ "$1" != --output ]; do shift; done\n'
                                    f'echo "$3" >>{self.root}/asked\ncp "{served}/${{3##*/}}" "$2"\n')
        self.served, self.environment = served / name, {"PATH": f"{tools}:{os.environ['PATH']}"}
        self.fetched = self.root / "target/azd" / name

    def cargo(self, repository):
        (self.root / "Cargo.toml").write_text(
            f'[package]\nname = "x"\nversion = "1.2.3"\nrepository = "{repository}"\n')

    def gh(self, help_text):
        """A `gh` that is signed in, fetches from the served folder, and writes down what it is asked to verify."""
        self.script(self.tools / "gh", f'''case "$1 $2 $3" in
"release download"*) while [ "$1" != --dir ]; do shift; done; cp "{self.served.parent}/$4" "$2/" ;;
"attestation verify --help") echo "{help_text}" ;;
"attestation verify"*) echo "$*" >>{self.root}/verified ;;
esac
''')

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

    def test_says_which_tag_is_missing_and_where(self):
        self.served.unlink()
        result = self.fetch()
        self.assertEqual(result.returncode, 1)
        self.assertIn("release v1.2.3 of example/certificate-accessed", result.stderr)

    def test_does_not_fetch_from_somebody_who_took_the_name(self):
        self.cargo("https://github.com/OWNER/certificate-accessed")
        result = self.fetch()
        self.assertEqual(result.returncode, 1)
        self.assertIn("CERTIFICATE_ACCESSED_REPOSITORY", result.stderr)
        self.assertFalse((self.root / "asked").exists())

    def test_verifies_what_the_workflow_verifies(self):
        self.gh("--source-ref string")
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        verified = (self.root / "verified").read_text()
        workflow = re.search(r"gh attestation verify .*?\n.*\n", text(".github/workflows/deploy.yml"))[0]
        for option in re.findall(r"--[\w-]+", workflow):
            self.assertIn(option, verified)
            self.assertIn(option, text("scripts/fetch-release.ps1"))
        self.assertIn("--source-ref refs/tags/v1.2.3", verified)
        self.assertIn("--signer-workflow example/certificate-accessed/.github/workflows/release.yml", verified)

    def test_goes_on_with_the_checksum_where_gh_is_old_or_not_signed_in(self):
        self.assertIn("only the checksum", self.fetch().stderr)
        self.gh("unknown command")
        result = self.fetch()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("only the checksum", result.stderr)
        self.assertFalse((self.root / "verified").exists())

    def test_the_package_is_examined_and_a_bad_one_stops_the_deployment(self):
        self.assertEqual(self.fetch().returncode, 0)
        self.assertIn("doctor target/azd/certificate-accessed-app.zip", (self.root / "examined").read_text())
        self.script(self.tools / "certificate-accessed", "exit 1\n")
        self.assertEqual(self.fetch().returncode, 1)

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


def as_made_by_windows(package):
    """The bytes of a zip as .NET on Windows would write them: each entry made by DOS, so that its mode means nothing."""
    content = bytearray(package)
    at, = struct.unpack_from("<I", content, content.rindex(b"PK\5\6") + 16)
    while content[at:at + 4] == b"PK\1\2":
        content[at + 5] = 0
        at += 46 + sum(struct.unpack_from("<HHH", content, at + 28))
    return bytes(content)


@unittest.skipUnless(os.environ.get("PACKAGE_ZIP") and shutil.which("unzip"), "PACKAGE_ZIP names no package")
class FetchedPackage(unittest.TestCase):
    """The hook over the real package, whose own doctor examines it."""

    def test_a_package_that_lost_its_executable_bit_on_windows_stops_the_deployment(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            shutil.copytree(ROOT / "scripts", root / "scripts")
            sound = pathlib.Path(os.environ["PACKAGE_ZIP"]).read_bytes()
            (root / "sound.zip").write_bytes(sound)
            (root / "windows.zip").write_bytes(as_made_by_windows(sound))
            with zipfile.ZipFile(root / "windows.zip") as archive:
                self.assertEqual({entry.create_system for entry in archive.infolist()}, {0})
            ran = {name: subprocess.run(["sh", "scripts/fetch-release"], cwd=root, capture_output=True, text=True,
                                        env={"PATH": "/usr/bin:/bin", "CERTIFICATE_ACCESSED_ZIP": f"{name}.zip"})
                   for name in ["sound", "windows"]}
        self.assertEqual(ran["sound"].returncode, 0, ran["sound"])
        self.assertEqual(ran["windows"].returncode, 1, ran["windows"])
        self.assertRegex(ran["windows"].stdout, "FAULT .*executable")


@unittest.skipUnless(shutil.which("pwsh"), "pwsh is not installed")
class FetchReleaseOnWindows(FetchRelease):
    """The same of the other hook, under the line that azd appends."""

    def fetch(self, **more):
        azd = "& ./scripts/fetch-release.ps1; if (Test-Path variable:\\LASTEXITCODE) { exit $LASTEXITCODE }"
        result = subprocess.run(["pwsh", "-NoProfile", "-Command", azd], cwd=self.root, capture_output=True, text=True,
                                env={**self.environment, "CERTIFICATE_ACCESSED_ZIP": str(self.served), **more})
        return subprocess.CompletedProcess(result.args, result.returncode, result.stdout, result.stdout + result.stderr)

    # These ask for a release, which needs the network.
    test_takes_the_release_of_this_version = None
    test_refuses_a_package_that_was_changed = None
    test_says_which_tag_is_missing_and_where = None
    test_does_not_fetch_from_somebody_who_took_the_name = None
    test_verifies_what_the_workflow_verifies = None
    test_goes_on_with_the_checksum_where_gh_is_old_or_not_signed_in = None


class Drill(unittest.TestCase):
    """The drill, against stand-ins for az, azd and the three endpoints of Azure that it asks."""

    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.root / "scripts").mkdir()
        shutil.copy(ROOT / "scripts/drill", self.root / "scripts/drill")
        tools = self.root / "tools"
        tools.mkdir()
        values = {"EVENT_HUB_NAMESPACE": "ns", "EVENT_HUB_NAME": "azure-logs", "STORAGE_ACCOUNT_NAME": "store",
                  "LOG_WORKSPACE_ID": "workspace", "TEAMS_SECRET_ID": "/secret"}
        (tools / "azd").write_text("#!/bin/sh\n" + "".join(f"echo '{name}=\"{value}\"'\n" for name, value in values.items()))
        (tools / "az").write_text("#!/bin/sh\necho token\n")
        for tool in tools.iterdir():
            tool.chmod(0o755)
        self.path = f"{tools}:{os.environ['PATH']}"
        self.sent, self.queue_works, self.taken, self.result = [], True, False, "accepted"
        test = self

        class Azure(http.server.BaseHTTPRequestHandler):
            def answer(self, text, status=200):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                test.assertEqual(self.headers["Authorization"], "Bearer token")
                if self.path.startswith("/azure-logs/messages"):
                    test.sent.append(body)
                    return self.answer("", 201)
                row = ["alert f00d HIGH of rule Azure.KeyVault.CertificateDump, 30 match(es), a drill"]
                if "NotifyTeams" in body:
                    row = [test.result if "f00d" in body else None]
                return self.answer(json.dumps({"tables": [{"rows": [row]}]}))

            def do_GET(self):
                if not test.queue_works:
                    return self.answer("", 403)
                run = json.loads(test.sent[0])["records"][0]["identity"]["claim"]["oid"] if test.sent else ""
                alerts = [("MEDIUM", "beef", run), ("HIGH", "abba", "another"), *([] if test.taken else [("HIGH", "f00d", run)])]
                texts = [base64.b64encode(json.dumps({"severity": s, "alertId": i, "title": t}).encode()).decode()
                         for s, i, t in alerts]
                self.answer("\ufeff<?xml version=\"1.0\"?><QueueMessagesList>" + "".join(
                    f"<QueueMessage><MessageText>{t}</MessageText></QueueMessage>" for t in texts) + "</QueueMessagesList>")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Azure)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.address = f"http://127.0.0.1:{server.server_port}"

    def drill(self):
        return subprocess.run([sys.executable, "scripts/drill", "--through", self.address, "--minutes", "0.01"],
                              cwd=self.root, capture_output=True, text=True, env={"PATH": self.path})

    def test_tells_that_alert_and_card_came(self):
        result = self.drill()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("alert f00d: in certificate-alerts", result.stdout)
        self.assertIn("card: accepted", result.stdout)
        records = json.loads(self.sent[0])["records"]
        self.assertGreater(len({record["properties"]["id"] for record in records}), 25)
        for record in records:
            self.assertIn("VAULTS/KV-DRILL", record["resourceId"])
            self.assertRegex(record["identity"]["claim"]["oid"], r"^00000000-0000-0000-0000-\d{12}$")
            self.assertEqual(record["properties"]["clientInfo"], "certificate-accessed-drill")

    def test_finds_the_alert_that_a_consumer_has_taken(self):
        self.taken = True
        result = self.drill()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("alert f00d: said by the function", result.stdout)

    def test_says_which_right_is_missing_and_goes_on(self):
        self.queue_works = False
        result = self.drill()
        self.assertEqual(result.returncode, 0)
        self.assertIn("the queue: HTTP Error 403", result.stderr)

    def test_a_card_that_does_not_come_is_a_failure(self):
        self.result = "discarded"
        result = self.drill()
        self.assertEqual(result.returncode, 1)
        self.assertIn("NO CARD", result.stderr)


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
