import { Button, Modal, Switch } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { showDialog } from "./dialogs";
import classes from "./KeySheet.module.css";
import { Keys } from "./Keys";
import { nameOf } from "./keys";
import { changeKeyPreferences, keysOf, useKeyPreferences } from "./preferences";
import { type Command, type CommandGroup, commandsOnScreen } from "./registry";

const groups: CommandGroup[] = ["anywhere", "lists", "emails", "compose", "settings"];

/** `?`: every key that works here. A key can be changed by pressing another, and letters can be turned off. */
export default function KeySheet() {
  const { t } = useTranslation();
  const preferences = useKeyPreferences();
  const [changing, setChanging] = useState<string | null>(null);
  const [listed] = useState(() => commandsOnScreen().filter((command) => command.keys));

  useEffect(() => {
    if (changing === null) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      const name = nameOf(event);
      if (name === null) return;
      event.preventDefault();
      event.stopPropagation();
      setChanging(null);
      if (name !== "escape")
        changeKeyPreferences({ changed: { ...preferences.changed, [changing]: [name] } });
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [changing, preferences]);

  const shown = groups
    .map((group) => ({ group, commands: listed.filter((command) => command.group === group) }))
    .filter(({ commands }) => commands.length > 0);

  return (
    <Modal opened onClose={() => showDialog(null)} title={t("commands.keys")} size={760}>
      <div className={classes.columns}>
        {shown.map(({ group, commands }) => (
          <section key={group} className={classes.group}>
            <h3>{t(`commands.groups.${group}`)}</h3>
            {commands.map((command) => (
              <KeyRow
                key={command.id}
                command={command}
                changing={changing === command.id}
                onChange={() => setChanging(command.id)}
              />
            ))}
          </section>
        ))}
      </div>
      <footer className={classes.foot}>
        <Switch
          checked={!preferences.lettersOff}
          onChange={(event) => changeKeyPreferences({ lettersOff: !event.currentTarget.checked })}
          label={t("commands.letters")}
        />
        <span className={classes.hint}>{t("commands.changeHint")}</span>
        {Object.keys(preferences.changed).length > 0 && (
          <Button size="xs" variant="default" onClick={() => changeKeyPreferences({ changed: {} })}>
            {t("commands.reset")}
          </Button>
        )}
      </footer>
    </Modal>
  );
}

type RowProps = { command: Command; changing: boolean; onChange: () => void };

function KeyRow({ command, changing, onChange }: RowProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.row}>
      <span className="qd-truncate">{command.title}</span>
      <button type="button" className={classes.keys} onClick={onChange}>
        <span className="qd-hidden">{t("commands.change", { command: command.title })}</span>
        {changing ? t("commands.press") : keysOf(command).map((key) => <Keys key={key} of={key} />)}
      </button>
    </div>
  );
}
