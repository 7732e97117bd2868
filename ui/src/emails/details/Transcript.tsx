import type { TranscriptLine } from "../../api/types";
import classes from "./Details.module.css";

const arrows = { us: "→", server: "←" } as const;

export function transcriptText(lines: TranscriptLine[]): string {
  return lines.map((line) => `${arrows[line.from]} ${line.text}`).join("\n");
}

/** A conversation with a server, word for word; the line that refused stands out. */
export function Transcript({ lines, refused }: { lines: TranscriptLine[]; refused: boolean }) {
  // What a server says to commands that were on their way already follows from its first refusal.
  const first = lines.findIndex((line) => line.from === "server" && /^[45]\d\d/.test(line.text));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long conversation is scrolled by keyboard
    <pre className={classes.server} tabIndex={0}>
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a conversation never change
        <span key={place} className={classes.line} data-refusal={(refused && place === first) || undefined}>
          <i>{arrows[line.from]}</i>
          <span>{line.text}</span>
        </span>
      ))}
    </pre>
  );
}
