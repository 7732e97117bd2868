import type { Command } from "./registry";

/** The commands whose title has every word of the query at the start of one of its words; best first. */
export function searchCommands(commands: Command[], query: string): Command[] {
  const wanted = words(query);
  return commands
    .map((command) => ({ command, rank: rankOf(words(command.title), wanted) }))
    .filter((found) => found.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map((found) => found.command);
}

/** The earlier the words stand in the title the better; `null` when one is missing. */
function rankOf(title: string[], wanted: string[]): number | null {
  let rank = 0;
  for (const word of wanted) {
    const at = title.findIndex((candidate) => candidate.startsWith(word));
    if (at < 0) return null;
    rank += at;
  }
  return rank;
}

function words(text: string): string[] {
  return text
    .toLocaleLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
