import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** Fails the build when what the first page must download outgrows its budget (gzipped JavaScript). */
export function firstLoadBudget({ kilobytes }: { kilobytes: number }): Plugin {
  return {
    name: "quarterdeck:first-load-budget",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const needed = new Set<string>();
        const visit = (fileName: string): void => {
          const output = bundle[fileName];
          if (output?.type !== "chunk" || needed.has(fileName)) return;
          needed.add(fileName);
          output.imports.forEach(visit);
        };
        for (const output of Object.values(bundle)) if (isFirstLoad(output)) visit(output.fileName);

        const bytes = [...needed].reduce((sum, fileName) => {
          const output = bundle[fileName];
          return output?.type === "chunk" ? sum + gzipSync(output.code).length : sum;
        }, 0);
        const report = `first load: ${(bytes / 1024).toFixed(1)} KB of JavaScript gzipped (budget ${kilobytes})`;
        if (bytes > kilobytes * 1024) this.error(report);
        this.info(report);
      },
    },
  };
}

/** The entry and the Command Center, which is where the first page leads. */
function isFirstLoad(output: Rolldown.OutputAsset | Rolldown.OutputChunk): boolean {
  return (
    output.type === "chunk" &&
    (output.isEntry || output.facadeModuleId?.endsWith("/emails/EmailsPage.tsx") === true)
  );
}
