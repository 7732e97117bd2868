import { useMantineColorScheme } from "@mantine/core";
import {
  IconActivity,
  IconKeyboard,
  IconLogout,
  IconMail,
  IconMoon,
  IconPencil,
  IconSettings,
  IconSun,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { showDialog } from "../commands/dialogs";
import { useCommands } from "../commands/registry";
import { openCompose } from "../compose/open";
import { toggleFeed } from "../feed/preferences";
import { useSession } from "../session/session";
import { undoLatest } from "../toasts/undo";
import { leave } from "./leave";

/** What can be done on every page. */
export function useShellCommands(): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const readOnly = useSession().view_as !== null;

  useCommands([
    {
      id: "palette",
      title: t("commands.palette"),
      group: "anywhere",
      keys: ["mod+k"],
      palette: false,
      run: () => showDialog("palette"),
    },
    {
      id: "keys",
      title: t("commands.keys"),
      group: "anywhere",
      keys: ["?"],
      icon: IconKeyboard,
      run: () => showDialog("keys"),
    },
    {
      id: "compose",
      title: t("commands.compose"),
      group: "anywhere",
      keys: ["c"],
      icon: IconPencil,
      enabled: !readOnly,
      run: () => openCompose({ kind: "new" }),
    },
    {
      id: "undo",
      title: t("commands.undo"),
      group: "anywhere",
      keys: ["z", "mod+z"],
      palette: false,
      run: undoLatest,
    },
    {
      id: "go.emails",
      title: t("commands.go", { place: t("shell.emails") }),
      group: "anywhere",
      keys: ["g e"],
      icon: IconMail,
      run: () => navigate({ to: "/emails/$folder", params: { folder: "delivered" } }),
    },
    {
      id: "go.feed",
      title: t("commands.go", { place: t("feed.title") }),
      group: "anywhere",
      keys: ["g l"],
      icon: IconActivity,
      run: toggleFeed,
    },
    {
      id: "go.settings",
      title: t("commands.go", { place: t("shell.settings") }),
      group: "anywhere",
      keys: ["g s"],
      icon: IconSettings,
      run: () => navigate({ to: "/settings" }),
    },
    {
      id: "light",
      title: t("commands.light"),
      group: "anywhere",
      icon: IconSun,
      run: () => setColorScheme("light"),
    },
    {
      id: "dark",
      title: t("commands.dark"),
      group: "anywhere",
      icon: IconMoon,
      run: () => setColorScheme("dark"),
    },
    {
      id: "sign-out",
      title: t("commands.signOut"),
      group: "anywhere",
      icon: IconLogout,
      run: () => void leave({ everywhere: false }),
    },
  ]);
}
