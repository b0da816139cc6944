// Checks the queries of the alarms, the saved ones and those on cards against Microsoft's own parser of the language, and against
// the columns of tests/queries/tables.json: node scripts/check-queries.js PARSER QUERY...
// scripts/check-deployment installs the parser under target/; scripts/run-queries runs the same queries.
const fs = require("fs");
const path = require("path");

const [parser, ...files] = process.argv.slice(2);
require(path.resolve(parser, "bridge.js"));
require(path.resolve(parser, "Kusto.Language.Bridge.js"));

const tables = JSON.parse(fs.readFileSync("tests/queries/tables.json", "utf8"));
const { Language } = Kusto;
const symbols = Object.entries(tables).map(([name, columns]) => {
  const typed = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
  return Language.Symbols.TableSymbol.From(`(${typed.join(", ")})`).WithName(name);
});
const database = new Language.Symbols.DatabaseSymbol.$ctor1("workspace", symbols);
const globals = Language.GlobalState.Default.WithDatabase(database);

let faults = 0;
for (const file of files) {
  const query = Language.KustoCode.ParseAndAnalyze(fs.readFileSync(file, "utf8"), globals);
  // An alarm counts rows by their time; what it does with rows that have none is not written down.
  const columns = query.ResultType.Columns;
  const named = Array.from({ length: columns.Count }, (_, index) => columns.getItem(index).Name);
  if (file.startsWith("infra/") && !named.includes("TimeGenerated")) {
    console.error(`${file}: its rows have no TimeGenerated`);
    faults += 1;
  }
  const found = query.GetDiagnostics();
  for (let index = 0; index < found.Count; index += 1) {
    const fault = found.getItem(index);
    console.error(`${file}: ${fault.Code} ${fault.Message} (at ${fault.Start})`);
    faults += 1;
  }
}
console.log(`${files.length} queries, ${faults} faults`);
process.exit(files.length && !faults ? 0 : 1);
