import { signOut } from "../session/session";
import { sayError } from "../toasts/toasts";

/** Signs out and loads the page anew, so that nothing of this user stays in memory. */
export async function leave({ everywhere }: { everywhere: boolean }): Promise<void> {
  try {
    await signOut(everywhere);
    window.location.assign("/sign-in");
  } catch (error) {
    sayError(error);
  }
}
