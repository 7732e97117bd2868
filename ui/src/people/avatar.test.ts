import { expect, test } from "vitest";
import { hueOf, initialsOf } from "./avatar";

test("initials are of the first and the last name", () => {
  expect(initialsOf("Marta Silva")).toBe("MS");
  expect(initialsOf("Kim Ji-woo")).toBe("KJ");
  expect(initialsOf("Maria da Luz Pereira")).toBe("MP");
});

test("one character where there is one word, an address, or CJK", () => {
  expect(initialsOf("田中 陽翔")).toBe("田");
  expect(initialsOf("김지우")).toBe("김");
  expect(initialsOf("marta@brisamar.example")).toBe("M");
  expect(initialsOf("")).toBe("?");
});

test("an address has one hue, whatever its case", () => {
  expect(hueOf("Marta@Brisamar.example")).toBe(hueOf("marta@brisamar.example"));
  expect((hueOf("marta@brisamar.example") - 8) % 30).toBe(0);
});
