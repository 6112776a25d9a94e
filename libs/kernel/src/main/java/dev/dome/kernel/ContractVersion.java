package dev.dome.kernel;

/** The generation of the contract family a submitted document says it is of. */
public enum ContractVersion {
  V0_2,
  V0_3;

  /** V0_3 for a name that ends in {@code v0.3}; everything before it is read as v0.2. */
  static ContractVersion ofName(String name) {
    return name.endsWith("v0.3") ? V0_3 : V0_2;
  }
}
