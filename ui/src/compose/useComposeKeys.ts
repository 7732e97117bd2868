import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { nameOf } from "../commands/keys";
import { keysOf } from "../commands/preferences";
import { type Command, useCommands } from "../commands/registry";

type Doing = { run: () => void; enabled: boolean };
type What = { send: Doing; schedule: Doing; preview: Doing; close: Doing };

const layers = ":is(.mantine-Popover-dropdown, .mantine-Menu-dropdown):not([data-hidden])";

/** The keys of the window. They are caught before the editor sees them, which has its own idea of ⌘⏎. */
export function useComposeKeys({ send, schedule, preview, close }: What) {
  const { t } = useTranslation();
  const layerOpen = useRef(false);
  const commands: Command[] = [
    { id: "compose.send", title: t("compose.keys.send"), group: "compose", keys: ["mod+enter"], ...send },
    {
      id: "compose.schedule",
      title: t("compose.keys.schedule"),
      group: "compose",
      keys: ["mod+shift+enter"],
      ...schedule,
    },
    {
      id: "compose.preview",
      title: t("compose.keys.preview"),
      group: "compose",
      keys: ["alt+p"],
      ...preview,
    },
  ];
  useCommands([
    ...commands,
    {
      id: "compose.field",
      title: t("compose.keys.field"),
      group: "compose",
      keys: ["{"],
      run: () => {},
      enabled: false,
    },
    {
      id: "compose.close",
      title: t("compose.keys.close"),
      group: "compose",
      keys: ["escape"],
      palette: false,
      ...close,
    },
  ]);

  return {
    capture: (event: React.KeyboardEvent): void => {
      layerOpen.current = document.querySelector(layers) !== null;
      const name = nameOf(event.nativeEvent);
      const command = commands.find((one) => one.enabled && name !== null && keysOf(one).includes(name));
      if (!command || event.nativeEvent.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      command.run();
    },
    bubble: (event: React.KeyboardEvent): void => {
      if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
      event.preventDefault();
      // Esc closes the topmost: a list or a pop-over has already taken it.
      if (!layerOpen.current && close.enabled) close.run();
    },
  };
}
