// Checks the queries of the alarms, the saved ones and those on cards against Microsoft's own parser of the language, and against
// the tables and columns that they read. scripts/check-deployment installs the parser under target/ and names it in the first argument.
const fs = require("fs");
const path = require("path");

const [parser, ...files] = process.argv.slice(2);
require(path.resolve(parser, "bridge.js"));
require(path.resolve(parser, "Kusto.Language.Bridge.js"));

const tables = {
  AppRequests: "(TimeGenerated: datetime, Name: string, Success: bool)",
  AZKVAuditLogs:
    "(TimeGenerated: datetime, _ResourceId: string, OperationName: string, Id: string, HttpStatusCode: int, CallerIpAddress: string, ClientInfo: string, Identity: dynamic)",
  AppTraces: "(TimeGenerated: datetime, Message: string, AppRoleInstance: string)",
  AzureActivity:
    "(TimeGenerated: datetime, _ResourceId: string, OperationNameValue: string, ActivityStatusValue: string, Caller: string, CallerIpAddress: string, Claims: string)",
  AzureDiagnostics:
    "(TimeGenerated: datetime, ResourceProvider: string, Category: string, Resource: string, OperationName: string, id_s: string, httpStatusCode_d: real, CallerIPAddress: string, clientInfo_s: string, identity_claim_oid_g: string)",
  AzureMetrics: "(TimeGenerated: datetime, Resource: string, MetricName: string, Total: real)",
  StorageQueueLogs: "(TimeGenerated: datetime, OperationName: string, StatusCode: string, Uri: string)",
};
const { Language } = Kusto;
const symbols = Object.entries(tables).map(([name, columns]) => Language.Symbols.TableSymbol.From(columns).WithName(name));
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
