import { useEffect } from "react";
import { keepsKey, worksIn } from "./focus";
import { nameOf } from "./keys";
import { commandsOnScreen, matchCommand } from "./registry";

const sequencePause = 1000;

/** Turns key presses into commands. Mounted once. */
export function KeyListener() {
  useEffect(() => {
    let pressed: { keys: string; at: number } | null = null;

    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = nameOf(event);
      const focused = event.target instanceof Element ? event.target : null;
      if (name === null || keepsKey(name, focused)) return;

      const sequence =
        pressed && event.timeStamp - pressed.at < sequencePause ? `${pressed.keys} ${name}` : name;
      const commands = commandsOnScreen().filter(({ group }) => worksIn(group, focused));
      const match = matchCommand(commands, sequence) ?? matchCommand(commands, name);
      pressed = match && "waiting" in match ? { keys: name, at: event.timeStamp } : null;
      if (match === null) return;
      event.preventDefault();
      if ("command" in match) match.command.run();
    };

    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);

  return null;
}
