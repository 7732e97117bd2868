import { describe, expect, it } from "vitest";
import { isAddress, parseMailbox, parseMailboxes, splitName } from "./addresses";

describe("addresses", () => {
  it.each([
    "marta@brisamar.example",
    "o'brien+x@corrib.co.uk",
    "用户@例子.广告",
    "a.b@xn--fsqu00a.xn--0zwm56d",
  ])("accepts %s", (address) => expect(isAddress(address)).toBe(true));

  it.each([
    "",
    "marta",
    "@x.example",
    "marta@",
    "marta@localhost",
    "a b@x.example",
    "a@x..example",
    "a@-x.example",
    ".a@x.example",
    "a..b@x.example",
    "a@x.example\r\nBcc: b@x.example",
  ])("refuses %j", (address) => expect(isAddress(address)).toBe(false));

  it("reads a name in front of angle brackets, quoted or not", () => {
    expect(parseMailbox("Marta Silva <marta@brisamar.example>")).toEqual({
      name: "Marta Silva",
      address: "marta@brisamar.example",
    });
    expect(parseMailbox('"Silva, Marta \\"M\\"" <marta@brisamar.example>')).toEqual({
      name: 'Silva, Marta "M"',
      address: "marta@brisamar.example",
    });
  });

  it("reads a pasted list and keeps what it could not read", () => {
    expect(parseMailboxes('"Silva, Marta" <marta@x.example>; kim@y.example,\nnot an address\n')).toEqual({
      found: [
        { name: "Silva, Marta", address: "marta@x.example" },
        { name: "", address: "kim@y.example" },
      ],
      rest: ["not an address"],
    });
  });

  it("takes the last word as the last name", () => {
    expect(splitName("Nguyễn Thu Hà")).toEqual({ first_name: "Nguyễn Thu", last_name: "Hà" });
    expect(splitName("Marta")).toEqual({ first_name: "Marta" });
    expect(splitName("  ")).toEqual({});
  });
});
