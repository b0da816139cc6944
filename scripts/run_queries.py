"""Runs every query that we hand out over small tables; scripts/run-queries installs the engine and calls it.

tests/queries/cases.yml says what each query must return over which rows, and explains itself; a row has what is not said there
from tests/queries/tables/. Of an alarm only the rows that its window would show it are there, and only those are counted that it
would count. Ends with 1 and a line for each fault: a case that fails, or a query that has no case in which it must return
something, or none in which it must return nothing.
"""

import datetime
import json
import pathlib
import re
import sys

import duckdb
import duckdb_kql
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests/queries"
NOW = datetime.datetime(2026, 3, 2, 12)
TYPES = {"datetime": "TIMESTAMP", "string": "VARCHAR", "dynamic": "JSON", "real": "DOUBLE", "int": "INTEGER", "bool": "BOOLEAN"}
# What infra/modules/alarms.bicep puts into a query, where a case says nothing else.
PARAMETERS = {"NAMESPACE": "evhns-example", "KINDS": "activityLog,keyVaultAudit"}
CASES = yaml.safe_load((TESTS / "cases.yml").read_text(encoding="utf-8"))
ALWAYS = CASES["always"]
TABLES = json.loads((TESTS / "tables.json").read_text(encoding="utf-8"))


def duration(text):
    """5m, 2h, 1d, and of Bicep PT15M, PT2H, P1D."""
    number, unit = re.fullmatch(r"(?:PT?)?(\d+)([MHD])", text.upper()).groups()
    return datetime.timedelta(minutes=int(number) * {"M": 1, "H": 60, "D": 1440}[unit])


def alarm_windows():
    """Of each alarm how far back it looks, and how old a row may be that it counts."""
    bicep = (ROOT / "infra/modules/alarms.bicep").read_text(encoding="utf-8")
    of_alarm = r"queries/(\w+)\.kql'.*\n.*\n.*window: '(\w+)', range: '(\w*)'"
    return {f"infra/queries/{name}.kql": (duration(reach or window), duration(window))
            for name, window, reach in re.findall(of_alarm, bicep)}


def sample(name):
    path = TESTS / f"tables/{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def row(table, given, number):
    """A row of a table: the sample, and what the case says instead."""
    given = dict(given)
    written = {"AppRoleInstance": "instance-1", **sample(table)}
    if "line" in given:
        line = {**sample("summary"), "invocationId": f"invocation-{number}", **given.pop("line")}
        written["Message"] = json.dumps(line, separators=(",", ":"))
    written["TimeGenerated"] = NOW - duration(given.pop("age", "5m"))
    return {**written, **given}


def cell(value, kind):
    """A value as the engine takes it. A string is never null in this language."""
    if kind == "datetime" and isinstance(value, str):
        return datetime.datetime.fromisoformat(value).replace(tzinfo=None)
    if kind == "dynamic":
        return json.dumps(value)
    return "" if kind == "string" and value is None else value


def fill(engine, case, reach):
    """The tables of a case and what is always in them, without what is older than the query may look back."""
    for table, columns in TABLES.items():
        columns = {name: kind for name, kind in columns.items() if name not in case.get("without", [])}
        names = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in columns.items())
        engine.execute(f'CREATE OR REPLACE TABLE "{table}" ({names})')
        for number, given in enumerate(ALWAYS.get(table, []) + case.get(table, [])):
            values = row(table, given, number)
            cells = [cell(values.get(name), kind) for name, kind in columns.items()]
            if reach is None or values["TimeGenerated"] >= NOW - reach:
                engine.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(cells))})', cells)


def query_of(text, case):
    """The text with its parameters, and without the two things that the engine lacks.

    Of column_ifexists Azure, too, takes the column or else the other value before anything is run. A character that is written
    as \\uXXXX the engine would read as uXXXX.
    """
    for name, value in {**PARAMETERS, **case.get("with", {})}.items():
        text = text.replace(name, value)
    columns = {name for table in TABLES.values() for name in table} - set(case.get("without", []))
    text = re.sub(r'column_ifexists\("(\w+)", ("[^"]*")\)', lambda m: m[1] if m[1] in columns else m[2], text)
    character = lambda m: chr(int(m[1], 16)).replace("\n", r"\n") if m[1] else m[0]
    return re.sub(r"\\(?:u(\w{4})|.)", character, text)


def plain(value):
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime.datetime) else value


def fault_of_case(engine, text, case, reach=None, window=None):
    """What a case shows to be wrong, if anything."""
    fill(engine, case, reach)
    result = duckdb_kql.query(engine, query_of(text, case), query_now=NOW)
    found = [dict(zip(result.columns, map(plain, values))) for values in result.fetchall()]
    if window:
        earliest = plain(NOW - window)
        found = [each for each in found if earliest <= each["TimeGenerated"] <= plain(NOW)]
    expected = case["returns"]
    if isinstance(expected, int):
        is_right = len(found) == expected
    else:
        shown = [{name: each.get(name) for name in wanted} for each, wanted in zip(found, expected)]
        is_right = len(found) == len(expected) and shown == expected
    return None if is_right else f"expected {expected}, got {found}"


def faults_of_query(path, cases, only_parsed, windows):
    """What is wrong with a query, or with its cases."""
    text = (ROOT / path).read_text(encoding="utf-8")
    engine = duckdb_kql.connect()
    if path in only_parsed:
        fill(engine, {}, None)
        try:
            duckdb_kql.query(engine, query_of(text, {}), query_now=NOW)
        except duckdb_kql.KqlUnsupportedError as lacking:
            print(f"{path}: only parsed, because {only_parsed[path]} ({lacking})")
            return []
        return ["the engine can run it now: give it cases"]
    faults = []
    for name, case in cases.items():
        try:
            fault = fault_of_case(engine, text, case, *windows.get(path, ()))
        except (duckdb_kql.KqlError, duckdb.Error) as error:
            fault = error
        faults += [f"{name}: {fault}"] if fault else []
    returned = [bool(case["returns"]) for case in cases.values()]
    if True not in returned:
        faults.append("no case in which it must return something")
    if False not in returned:
        faults.append("no case in which it must return nothing")
    return faults


def main(word=""):
    cases = {name: value for name, value in CASES.items() if name.endswith(".kql")}
    only_parsed = CASES["only parsed"]
    folders = ["infra/queries", "docs/queries", "tests/queries"]
    paths = sorted(p.relative_to(ROOT).as_posix() for folder in folders for p in (ROOT / folder).glob("*.kql"))
    windows = alarm_windows()
    faults = [f"{path}: there is no such query" for path in {*cases, *only_parsed} - set(paths)]
    faults += [f"{path}: its window is not in alarms.bicep" for path in paths if path.startswith("infra/") and path not in windows]
    chosen = [path for path in paths if word in path]
    for path in chosen:
        faults += [f"{path}: {fault}" for fault in faults_of_query(path, cases.get(path, {}), only_parsed, windows)]
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    ran = sum(len(cases.get(path, {})) for path in chosen)
    parsed = sum(path in only_parsed for path in chosen)
    print(f"{len(chosen) - parsed} queries run in {ran} cases, {parsed} only parsed, {len(faults)} faults")
    return 1 if faults or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
