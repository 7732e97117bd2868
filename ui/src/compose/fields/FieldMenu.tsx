import { Combobox, useCombobox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Editor } from "@tiptap/react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldsQuery } from "../queries";
import { Anchor, caretRect } from "./Anchor";
import classes from "./FieldMenu.module.css";
import { labelOf } from "./labels";

/** The dynamic fields, offered where the cursor is. */
export function FieldMenu({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(fieldsQuery);
  const [query, setQuery] = useState("");
  const [rect] = useState(() => caretRect(editor));
  const combobox = useCombobox({ opened: true, onDropdownClose: onClose });
  const wanted = query.trim().toLocaleLowerCase();
  const found = (data?.items ?? []).filter(
    ({ name }) =>
      name.includes(wanted.replaceAll(" ", "_")) || labelOf(name).toLocaleLowerCase().includes(wanted),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the first option is chosen anew whenever the list changes
  useEffect(() => {
    // Once the list is drawn.
    const timer = setTimeout(() => combobox.selectFirstOption());
    return () => clearTimeout(timer);
  }, [query, data]);

  const insert = (name: string): void => {
    onClose();
    editor
      .chain()
      .focus()
      .insertContent({ type: "field", attrs: { name, fallback: null, filters: "" } })
      .run();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
    editor.commands.focus();
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={insert}
      width={280}
      position="bottom-start"
      shadow="lg"
      radius="lg"
    >
      <Combobox.Target targetType="button">
        <Anchor rect={rect} />
      </Combobox.Target>
      <Combobox.Dropdown onKeyDown={onKeyDown}>
        <Combobox.Search
          classNames={{ input: classes.search }}
          ref={(input) => input?.focus()}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onBlur={onClose}
          placeholder={t("compose.fields.search")}
          aria-label={t("compose.fields.search")}
        />
        <Combobox.Options mah={340} className={classes.options} aria-label={t("compose.fields.title")}>
          {found.map(({ name, example }) => (
            <Combobox.Option key={name} value={name} className={classes.option}>
              <span>{labelOf(name)}</span>
              <span className={classes.example}>{example}</span>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t("compose.fields.none")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
