import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import { type Command, useCommands } from "../commands/registry";
import { type ActionKind, actionIcons, actionKeys, isUndelivered, possibleKinds } from "./actionKinds";
import { type Chosen, countOfChosen } from "./chosen";
import { foldersBeside, tabs } from "./folders";
import { sayNotRetried } from "./notRetried";

type Options = {
  folder: Folder;
  /** What an action would act on: the checked emails, or the one under the cursor. */
  targets: Chosen;
  onGo: (folder: Folder) => void;
  onMove: (by: 1 | -1, extend: boolean) => void;
  onOpen: () => void;
  onCheck: () => void;
  onCheckAll: () => void;
  onShowHeld: () => void;
  onClose: () => void;
  onAct: ((kind: ActionKind, chosen: Chosen) => void) | null;
};

const kinds = Object.keys(actionIcons) as ActionKind[];

/** Every key of the Command Center. */
export function useEmailCommands(options: Options): void {
  const { t } = useTranslation();
  const { email, person } = possibleKinds(options.targets.rows, countOfChosen(options.targets));
  const possible = new Set([...email, ...person]);

  const list: Command[] = [
    {
      id: "list.next",
      title: t("emails.keys.next"),
      keys: ["j", "arrowdown"],
      run: () => options.onMove(1, false),
    },
    {
      id: "list.previous",
      title: t("emails.keys.previous"),
      keys: ["k", "arrowup"],
      run: () => options.onMove(-1, false),
    },
    {
      id: "list.extendDown",
      title: t("emails.keys.extendDown"),
      keys: ["shift+j", "shift+arrowdown"],
      run: () => options.onMove(1, true),
    },
    {
      id: "list.extendUp",
      title: t("emails.keys.extendUp"),
      keys: ["shift+k", "shift+arrowup"],
      run: () => options.onMove(-1, true),
    },
    { id: "list.open", title: t("emails.keys.open"), keys: ["enter"], run: options.onOpen },
    { id: "list.check", title: t("emails.keys.check"), keys: ["x", "space"], run: options.onCheck },
    { id: "list.checkAll", title: t("emails.keys.checkAll"), keys: ["mod+a"], run: options.onCheckAll },
    { id: "list.show", title: t("emails.keys.show"), keys: ["."], run: options.onShowHeld },
    { id: "list.close", title: t("emails.keys.close"), keys: ["escape"], run: options.onClose },
  ].map((command) => ({ ...command, group: "lists", palette: false }));

  const folders = foldersBeside(options.folder);
  const place = folders.indexOf(options.folder);
  const beside = (by: number): Folder =>
    folders[(place + by + folders.length) % folders.length] ?? options.folder;

  const places: Command[] = [
    ...tabs.map(
      ({ tab, folders: [first] }, index): Command => ({
        id: `tab.${tab}`,
        title: t("commands.go", { place: t(`emails.tabs.${tab}`) }),
        group: "lists",
        keys: [String(index + 1)],
        run: () => first && options.onGo(first),
      }),
    ),
    {
      id: "folder.previous",
      title: t("emails.keys.folderBefore"),
      group: "lists",
      keys: ["["],
      palette: false,
      run: () => options.onGo(beside(-1)),
    },
    {
      id: "folder.next",
      title: t("emails.keys.folderAfter"),
      group: "lists",
      keys: ["]"],
      palette: false,
      run: () => options.onGo(beside(1)),
    },
  ];

  const actions: Command[] = kinds.map((kind) => ({
    id: `email.${kind}`,
    title: t(`emails.actions.${kind}`),
    group: "emails",
    keys: [actionKeys[kind]],
    icon: actionIcons[kind],
    enabled: options.onAct !== null && possible.has(kind),
    run: () => options.onAct?.(kind, options.targets),
  }));

  // The key of a retry that would not help says why.
  const notRetried = options.targets.rows.filter(isUndelivered);
  const why: Command = {
    id: "email.notRetried",
    title: t("emails.actions.retry"),
    group: "emails",
    keys: [actionKeys.retry],
    palette: false,
    enabled:
      options.onAct !== null && !possible.has("retry") && !possible.has("fill_in") && notRetried.length > 0,
    run: () => sayNotRetried(notRetried),
  };

  useCommands([...list, ...places, ...actions, why]);
}
