// Parses cards with Microsoft's own renderer and says what it finds wrong: node check.cjs FOLDER_OF_NODE_MODULES < cards
// One {"name", "card"} a line comes in; one {"cards", "faults"} goes out.
"use strict";
const path = require("path");
const readline = require("readline");
const AC = require(path.join(process.argv[2], "adaptivecards/dist/adaptivecards.js"));

/** What the parser complains of: unknown elements, bad values, a version too new. */
function faultsOf(card) {
  const context = new AC.SerializationContext(AC.Versions.v1_4);
  const parsed = new AC.AdaptiveCard();
  parsed.parse(card, context);
  const events = [];
  for (let index = 0; index < context.eventCount; index++) {
    events.push(context.getEventAt(index).message);
  }
  for (const failure of parsed.validateProperties().validationEvents) {
    events.push(failure.message);
  }
  // An element that the renderer does not know is left out, which must not go unseen.
  if (parsed.getItemCount() !== card.body.length || parsed.getActionCount() !== (card.actions || []).length) {
    events.push("elements were left out");
  }
  return events;
}

(async () => {
  const faults = [];
  let cards = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { name, card } = JSON.parse(line);
    cards += 1;
    faults.push(...faultsOf(card).map((fault) => `${name}: ${fault}`));
  }
  process.stdout.write(JSON.stringify({ cards, faults }));
})();
