import { Modal } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./CommandPalette.module.css";
import { showDialog } from "./dialogs";
import { Keys } from "./Keys";
import { keysOf } from "./preferences";
import { type Command, commandsOnScreen } from "./registry";
import { searchCommands } from "./search";

/** ⌘K: find or do. */
export default function CommandPalette() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [offered] = useState(() => commandsOnScreen().filter(isOffered));
  const found = searchCommands(offered, query);
  const chosen = found[Math.min(active, found.length - 1)];

  const run = (command: Command): void => {
    showDialog(null);
    // The palette gives the focus back first, so that the command acts where the person was.
    setTimeout(command.run);
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setActive((active + step + found.length) % found.length);
    } else if (event.key === "Enter" && chosen && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  };

  return (
    <Modal.Root opened onClose={() => showDialog(null)} size={560} yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("commands.findOrDo")}>
        <div className={classes.search}>
          <IconSearch size={16} stroke={1.6} />
          <input
            // biome-ignore lint/a11y/noAutofocus: a palette is opened to be typed into
            autoFocus
            className={classes.input}
            value={query}
            placeholder={t("commands.findOrDo")}
            aria-label={t("commands.findOrDo")}
            role="combobox"
            aria-expanded="true"
            aria-controls="command-list"
            aria-activedescendant={chosen ? `command-${chosen.id}` : undefined}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div className={classes.list} id="command-list" role="listbox" aria-label={t("commands.all")}>
          {found.map((command) => (
            <button
              type="button"
              key={command.id}
              id={`command-${command.id}`}
              role="option"
              aria-selected={command === chosen}
              tabIndex={-1}
              className={classes.command}
              data-active={command === chosen || undefined}
              onMouseMove={() => setActive(found.indexOf(command))}
              onClick={() => run(command)}
            >
              {command.icon ? <command.icon size={16} stroke={1.6} /> : <span className={classes.noIcon} />}
              <span className="qd-truncate">{command.title}</span>
              <span className={classes.group}>{t(`commands.groups.${command.group}`)}</span>
              {keysOf(command)
                .slice(0, 1)
                .map((key) => (
                  <Keys key={key} of={key} />
                ))}
            </button>
          ))}
          {found.length === 0 && <p className={classes.nothing}>{t("commands.nothing", { query })}</p>}
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

function isOffered(command: Command): boolean {
  return command.enabled !== false && command.palette !== false;
}
