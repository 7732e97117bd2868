import { useEffect } from "react";
import { nameOf, sleepsInText } from "./keys";
import { commandsOnScreen, matchCommand } from "./registry";

const sequencePause = 1000;

/** Turns key presses into commands. Mounted once. */
export function KeyListener() {
  useEffect(() => {
    let pressed: { keys: string; at: number } | null = null;

    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = nameOf(event);
      if (name === null || (sleepsInText(name) && isBusy(event.target)) || isModal(event.target)) return;

      const sequence =
        pressed && event.timeStamp - pressed.at < sequencePause ? `${pressed.keys} ${name}` : name;
      const commands = commandsOnScreen();
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

/** The target takes letters itself: a text field, an open menu or list. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="menu"],[role="listbox"]')) return true;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Behind a modal dialog nothing may happen. */
function isModal(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[aria-modal="true"]') !== null;
}
