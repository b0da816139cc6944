// What one writes first in Node: JSON.parse at every level.
'use strict';
const http = require('http');

const OPERATION = 'MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ';

function isMatch(record) {
  return String(record.operationName).toUpperCase() === OPERATION
    && (record.resultType === 'Success' || record.resultType === 'Succeeded');
}

function matches(body) {
  let count = 0;
  for (const text of JSON.parse(JSON.parse(body).Data.events)) {
    const event = JSON.parse(text[0] === '{' ? text : Buffer.from(text, 'base64').toString());
    count += (event.records || [event]).filter(isMatch).length;
  }
  return count;
}

http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const logs = request.method === 'POST' ? [String(matches(Buffer.concat(chunks).toString()))] : [];
    const answer = JSON.stringify({ Outputs: {}, Logs: logs, ReturnValue: null });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) });
    response.end(answer);
  });
}).listen(Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
