import { Combobox, useCombobox } from "@mantine/core";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../api/types";
import { Avatar } from "../../people/Avatar";
import { type Mailbox, parseMailboxes } from "../addresses";
import classes from "./AddressInput.module.css";
import rowClasses from "./Rows.module.css";
import { usePeople } from "./usePeople";

type Props = {
  label: string;
  placeholder?: string;
  /** What was chosen so far, drawn before the input. */
  children: ReactNode;
  /** Nothing more can be added. */
  full?: boolean;
  inputRef?: RefObject<HTMLInputElement | null>;
  onPerson: (person: Person) => void;
  onMailboxes: (mailboxes: Mailbox[]) => void;
  onBackspace: () => void;
};

const unheardOf = "new:";

/** Takes names and addresses: completes people that are known, reads addresses that are not. */
export function AddressInput(props: Props) {
  const { label, placeholder, children, full = false, inputRef, onPerson, onMailboxes, onBackspace } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const combobox = useCombobox();
  const { people, fresh } = usePeople(typed);
  const read = parseMailboxes(typed);
  const unknown = read.found.filter(({ address }) => !people.some((person) => has(person, address)));
  const offers = [...people.map(({ id }) => id), ...unknown.map(({ address }) => unheardOf + address)];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the first option is chosen anew whenever the list changes
  useEffect(() => {
    if (offers.length > 0) combobox.selectFirstOption();
  }, [typed, offers.join()]);

  const clear = (): void => {
    setTyped("");
    setWrong(false);
    combobox.closeDropdown();
  };
  const takeTyped = (text: string): void => {
    const { found, rest } = parseMailboxes(text);
    if (found.length > 0) onMailboxes(found);
    setTyped(rest.join(", "));
    setWrong(rest.length > 0);
    combobox.closeDropdown();
  };
  const submit = (value: string): void => {
    const person = people.find(({ id }) => id === value);
    if (person) onPerson(person);
    else onMailboxes(read.found.filter(({ address }) => value === unheardOf + address));
    clear();
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Backspace" && typed === "") onBackspace();
    if (event.key === "," || event.key === ";") {
      event.preventDefault();
      takeTyped(typed);
    }
    const offered = combobox.dropdownOpened ? offers[combobox.getSelectedOptionIndex()] : undefined;
    if (event.key === "Tab" && offered !== undefined) {
      event.preventDefault();
      submit(offered);
    }
    // An option that was chosen has already taken the key.
    if (event.key === "Enter" && offered === undefined && !event.defaultPrevented) {
      event.preventDefault();
      // Somebody of that name may still be found.
      if (fresh || read.found.length > 0) takeTyped(typed);
    }
    if (event.key === "Escape" && combobox.dropdownOpened) event.preventDefault();
  };
  const onPaste = (event: React.ClipboardEvent): void => {
    const text = event.clipboardData.getData("text/plain");
    if (parseMailboxes(text).found.length === 0) return;
    event.preventDefault();
    takeTyped(typed + text);
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={submit}
      zIndex={400}
      shadow="lg"
      radius="lg"
      width={380}
      position="bottom-start"
    >
      <Combobox.DropdownTarget>
        <div className={classes.field}>
          {children}
          {!full && (
            <Combobox.EventsTarget>
              <input
                ref={inputRef}
                className={classes.input}
                value={typed}
                placeholder={placeholder}
                aria-label={label}
                aria-invalid={wrong}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  setWrong(false);
                  combobox.openDropdown();
                }}
                onBlur={() => takeTyped(typed)}
                onKeyDown={onKeyDown}
                onPaste={onPaste}
              />
            </Combobox.EventsTarget>
          )}
          {wrong && <span className={classes.wrong}>{t("compose.notAnAddress")}</span>}
        </div>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={offers.length === 0}>
        <Combobox.Options aria-label={label}>
          {people.map((person) => (
            <Combobox.Option key={person.id} value={person.id} className={rowClasses.option}>
              <Avatar name={person.name || person.address} address={person.address} size={24} />
              <span className={rowClasses.words}>
                {person.name || person.address}
                <small>{[person.company, person.address].filter(Boolean).join(" · ")}</small>
              </span>
            </Combobox.Option>
          ))}
          {unknown.map(({ address }) => (
            <Combobox.Option key={address} value={unheardOf + address} className={rowClasses.option}>
              <Avatar name={address} address={address} size={24} />
              <span className={rowClasses.words}>
                {t("compose.writeTo", { address })}
                <small>{t("compose.newPerson")}</small>
              </span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function has(person: Person, address: string): boolean {
  const wanted = address.toLowerCase();
  return (
    person.address.toLowerCase() === wanted ||
    person.addresses.some((one) => one.address.toLowerCase() === wanted)
  );
}
