// node parse.mjs DOCUMENTS: of each, as a line of JSON, what the official parser finds, and how many
// messages it has; null if the parser refuses it.
// Run in the directory that holds node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser } = createRequire(`${process.cwd()}/`)("@asyncapi/parser");
const severities = ["error", "warning", "information", "hint"];
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(path, "utf8"));
  const found = diagnostics.map(
    ({ severity, path, message }) => `${severities[severity]}: ${path.join(".")}: ${message}`,
  );
  console.log(JSON.stringify({ found, messages: document?.allMessages().all().length ?? null }));
}
