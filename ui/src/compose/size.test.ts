import { describe, expect, it } from "vitest";
import { encodedSize, formatBytes, messageSize, whichFit } from "./size";

describe("the size of a message", () => {
  it("counts base64 with its line breaks", () => {
    expect(encodedSize(0)).toBe(0);
    expect(encodedSize(1)).toBe(4 + 2);
    expect(encodedSize(57)).toBe(76 + 2);
    expect(encodedSize(58)).toBe(80 + 4);
  });

  it("refuses a file that is small enough by itself but not when encoded", () => {
    const limit = 25_000_000;
    expect(whichFit([{ size: 24_000_000 }], "", [], limit).tooLarge).toHaveLength(1);
    expect(whichFit([{ size: 18_000_000 }], "", [], limit).fits).toHaveLength(1);
  });

  it("keeps the files that fit beside one that does not", () => {
    const files = [{ size: 10_000_000 }, { size: 15_000_000 }, { size: 1_000_000 }];
    const { fits, tooLarge } = whichFit(files, "", [], 25_000_000);
    expect(fits).toEqual([files[0], files[2]]);
    expect(tooLarge).toEqual([files[1]]);
  });

  it("counts the body in bytes, not in characters", () => {
    expect(messageSize("日本語", [])).toBeGreaterThan(messageSize("abc", []));
  });

  it("speaks of megabytes", () => {
    expect(formatBytes(22_400_000, "en")).toBe("22.4 MB");
    expect(formatBytes(820, "en")).toBe("820 byte");
  });
});
