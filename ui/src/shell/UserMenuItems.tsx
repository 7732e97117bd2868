import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconEye, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSession, viewAs } from "../session/session";
import { sayError } from "../toasts/toasts";
import { leave } from "./leave";

const schemes = [
  { scheme: "light", icon: IconSun, title: "shell.light" },
  { scheme: "dark", icon: IconMoon, title: "shell.dark" },
  { scheme: "auto", icon: IconDeviceDesktop, title: "shell.system" },
] as const;

/** Colours, other people's desks for those who may look, and the way out. */
export function UserMenuItems() {
  const { t } = useTranslation();
  const { can_view_as } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t("shell.theme")}</Menu.Label>
      {schemes.map(({ scheme, icon: Icon, title }) => (
        <Menu.Item
          key={scheme}
          leftSection={<Icon size={16} stroke={1.6} />}
          rightSection={colorScheme === scheme && <IconCheck size={14} />}
          onClick={() => setColorScheme(scheme)}
        >
          {t(title)}
        </Menu.Item>
      ))}
      {can_view_as.length > 0 && (
        <>
          <Menu.Label>{t("shell.viewAs")}</Menu.Label>
          {can_view_as.map((person) => (
            <Menu.Item
              key={person.id}
              leftSection={<IconEye size={16} stroke={1.6} />}
              onClick={() => void viewAs(person.id).catch(sayError)}
            >
              {person.name}
            </Menu.Item>
          ))}
        </>
      )}
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconLogout size={16} stroke={1.6} />}
        onClick={() => void leave({ everywhere: false })}
      >
        {t("shell.signOut")}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconLogout size={16} stroke={1.6} />}
        onClick={() => void leave({ everywhere: true })}
      >
        {t("shell.signOutEverywhere")}
      </Menu.Item>
    </>
  );
}
