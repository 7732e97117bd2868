import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports that the system gives to nobody by itself (Linux begins at 32768): one that it gave us it would give again as soon
 * as we let go of it. The test bed's own begin at 20000.
 */
const FIRST = 10_000;
const COUNT = 10_000;

/** Those who run beside us begin elsewhere. */
let next = process.pid * 997;

/** A port of the loopback interface that nobody listens at. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
