import { useEffect, useRef } from "react";
import { keysOf } from "./preferences";

export type CommandGroup = "anywhere" | "lists" | "emails" | "compose" | "settings";

/** Something a person can do: by key, from the palette, and listed in the `?` sheet. */
export type Command = {
  id: string;
  /** From the catalogue. */
  title: string;
  group: CommandGroup;
  /** Alternatives, such as `["j", "arrowdown"]` or `["g e"]` (one after the other). */
  keys?: string[];
  run: () => void;
  /** A command that cannot run now keeps its place in the sheet but not in the palette. */
  enabled?: boolean;
  /** Movement and the like are no use in the palette. */
  palette?: boolean;
  icon?: React.ComponentType<{ size?: number; stroke?: number }>;
};

type Source = { current: Command[] };

const sources: Source[] = [];

/** Offers commands for as long as the component is on screen; what came last wins a key. */
export function useCommands(commands: Command[]): void {
  const source = useRef(commands);
  useEffect(() => {
    source.current = commands;
  });
  useEffect(() => {
    sources.push(source);
    return () => {
      sources.splice(sources.indexOf(source), 1);
    };
  }, []);
}

/** Every command on screen, the nearest first, each id once. */
export function commandsOnScreen(): Command[] {
  const byId = new Map<string, Command>();
  for (const source of [...sources].reverse())
    for (const command of source.current) if (!byId.has(command.id)) byId.set(command.id, command);
  return [...byId.values()];
}

export type Match = { command: Command } | { waiting: true } | null;

/** The command for what was pressed so far; `waiting` when a longer sequence may still come. */
export function matchCommand(commands: Command[], pressed: string): Match {
  let waiting = false;
  for (const command of commands) {
    if (command.enabled === false) continue;
    for (const key of keysOf(command)) {
      if (key === pressed) return { command };
      if (key.startsWith(`${pressed} `)) waiting = true;
    }
  }
  return waiting ? { waiting: true } : null;
}
