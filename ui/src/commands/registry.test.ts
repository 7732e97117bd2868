import { expect, test } from "vitest";
import { type Command, matchCommand } from "./registry";
import { searchCommands } from "./search";

const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: "lists",
  keys,
  run: () => {},
  ...more,
});

const archive = command("archive", ["e"]);
const goEmails = command("go", ["g e"]);

test("a key finds its command", () => {
  expect(matchCommand([archive, goEmails], "e")).toEqual({ command: archive });
});

test("the start of a sequence waits for the rest", () => {
  expect(matchCommand([archive, goEmails], "g")).toEqual({ waiting: true });
  expect(matchCommand([archive, goEmails], "g e")).toEqual({ command: goEmails });
});

test("a command that cannot run now leaves its key to the next", () => {
  const edit = command("edit", ["e"]);
  expect(matchCommand([{ ...archive, enabled: false }, edit], "e")).toEqual({ command: edit });
});

test("a key of no command is nothing", () => {
  expect(matchCommand([archive], "q")).toBeNull();
});

test("the palette finds words by their beginnings, whatever the accents", () => {
  const go = command("1", [], { title: "Go to emails" });
  const resume = command("2", [], { title: "Résumé email" });
  expect(searchCommands([go, resume], "em")).toEqual([resume, go]);
  expect(searchCommands([go, resume], "resu")).toEqual([resume]);
  expect(searchCommands([go, resume], "mails")).toEqual([]);
  expect(searchCommands([go, resume], "")).toEqual([go, resume]);
});
