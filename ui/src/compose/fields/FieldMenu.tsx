import { Combobox, useCombobox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Editor, JSONContent } from "@tiptap/react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldsQuery } from "../queries";
import { Anchor, caretRect } from "./Anchor";
import classes from "./FieldMenu.module.css";
import { labelOf } from "./labels";
import { type Field, splitText } from "./source";

/** The dynamic fields, offered where the cursor is. */
export function FieldMenu({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(fieldsQuery);
  const [query, setQuery] = useState("");
  const left = useRef(false);
  const [rect] = useState(() => caretRect(editor));
  const combobox = useCombobox({ opened: true, onDropdownClose: () => leave(query) });
  const wanted = query.replace(/^\{+/, "").trim().toLocaleLowerCase();
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

  /** Without a choice, what was typed stays in the text: some people write their fields by hand. */
  function leave(typed: string): void {
    if (left.current) return;
    left.current = true;
    onClose();
    if (typed !== "") editor.commands.insertContent(splitText(`{${typed}`).map(toNode));
  }

  /** What closes its braces is written: what is typed after it belongs into the text. */
  const type = (typed: string): void => {
    if (!typed.endsWith("}}")) {
      setQuery(typed);
      return;
    }
    leave(typed);
    editor.commands.focus();
  };

  const insert = (name: string): void => {
    left.current = true;
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
    leave(query);
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
          onChange={(event) => type(event.currentTarget.value)}
          onBlur={() => leave(query)}
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

function toNode(part: string | Field): JSONContent {
  return typeof part === "string" ? { type: "text", text: part } : { type: "field", attrs: part };
}
