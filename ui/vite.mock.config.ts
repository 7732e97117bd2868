import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mockApi } from "./dev/mock-api.ts";
const lenient = { name: "lenient", enforce: "pre" as const, resolveId(id: string, from?: string) { if (!id.startsWith(".") || !from || from.includes("node_modules")) return; const p = resolve(dirname(from.split("?")[0]!), id); if (!["", ".ts", ".tsx", "/index.ts"].some((e) => existsSync(p + e))) return "\0missing"; }, load(id: string) { if (id === "\0missing") return "export default () => null"; } };
export default defineConfig({ plugins: [lenient, react(), mockApi()], cacheDir: "/tmp/vite-mock-cache", optimizeDeps: { include: ["@mantine/core", "@tanstack/react-table", "@tanstack/react-virtual", "@mantine/hooks"] } });
