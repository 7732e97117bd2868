import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { firstLoadBudget } from "./vite/first-load-budget.ts";
import { precompress } from "./vite/precompress.ts";

const server = "http://127.0.0.1:4080";

export default defineConfig({
  plugins: [react(), precompress(), firstLoadBudget({ kilobytes: 300 })],
  server: { proxy: { "/api": server, "/o/": server, "/c/": server, "/u/": server, "/readyz": server } },
  build: { target: "es2023", sourcemap: false, chunkSizeWarningLimit: 900 },
});
