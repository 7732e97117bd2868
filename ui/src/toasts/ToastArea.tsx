import { Notifications } from "@mantine/notifications";
import classes from "./Toasts.module.css";

/** Where toasts appear: at the lower left of the content, clear of the compose window. */
export function ToastArea() {
  return (
    <Notifications
      position="bottom-left"
      limit={3}
      transitionDuration={160}
      classNames={{
        root: classes.container,
        notification: classes.notification,
      }}
    />
  );
}
