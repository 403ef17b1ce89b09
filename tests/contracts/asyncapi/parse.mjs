// node parse.mjs DOCUMENT: prints what the official parser finds, exits 1 if it refuses.
// Run in the directory that holds node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser } = createRequire(`${process.cwd()}/`)("@asyncapi/parser");
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const severities = ["error", "warning", "information", "hint"];
for (const { severity, path, message } of diagnostics) {
  console.log(`${severities[severity]}: ${path.join(".")}: ${message}`);
}
if (!document) process.exit(1);
console.log(`messages: ${document.allMessages().all().length}`);
