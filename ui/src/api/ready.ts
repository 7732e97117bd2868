/** Whether the server says of itself that it can answer: it runs, is reached, and has its database. */
export async function isServerReady(): Promise<boolean> {
  try {
    return (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
