// Writes page.html with the renderer and a card in it: node page.cjs FOLDER_OF_NODE_MODULES CARD_FILE WIDTH > page
"use strict";
const fs = require("fs");
const path = require("path");

const [modules, cardFile, width] = process.argv.slice(2);
const renderer = fs.readFileSync(path.join(modules, "adaptivecards/dist/adaptivecards.min.js"), "utf8");
const card = fs.readFileSync(cardFile, "utf8");
const page = fs.readFileSync(path.join(__dirname, "page.html"), "utf8");
// Functions, because a string would have its dollar signs read; and no text of a card may end the script.
process.stdout.write(
  page
    .replace("WIDTH", () => String(Number(width)))
    .replace("/*RENDERER*/", () => renderer.replace(/<\/script/gi, "<\\/script"))
    .replace("/*CARD*/", () => card.replace(/</g, "\\u003c")),
);
