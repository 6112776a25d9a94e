package dev.dome.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

@AnalyzeClasses(packages = "dev.dome", importOptions = DoNotIncludeTests.class)
class LayersTest {
  private static final List<String> SERVICES =
      List.of(
          "dev.dome.ingest",
          "dev.dome.statecontroller",
          "dev.dome.retryscheduler",
          "dev.dome.provenance",
          "dev.dome.auditexport");

  @ArchTest
  static final ArchRule kernelIsPure =
      classes()
          .that()
          .resideInAPackage("dev.dome.kernel..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.math..",
              "java.nio..",
              "java.security..",
              "java.util..",
              "dev.dome.kernel..",
              "dev.dome.contracts..",
              "com.fasterxml.jackson.annotation..",
              "com.fasterxml.jackson.databind..")
          .because(
              "a decision must be reproducible anywhere from the journal alone; pass outside facts in"
                  + " through Input or Context");

  @ArchTest
  static final ArchRule kernelHasNoUnorderedCollectionsClocksOrChance =
      noClasses()
          .that()
          .resideInAPackage("dev.dome.kernel..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.util\\.(HashMap|HashSet|IdentityHashMap|Random|UUID|concurrent\\..*)|java\\.lang\\.Thread.*")
          .because(
              "iteration order, chance and threads make replay differ; use List, TreeMap or"
                  + " LinkedHashMap, and derive ids from the run uid and sequence");

  @ArchTest
  static final ArchRule kernelReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage("dev.dome.kernel..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .because("time is Context.observedAtMs, recorded in the INPUT row");

  @ArchTest
  static final ArchRule servicesDoNotKnowEachOther =
      slices()
          .matching("dev.dome.(ingest|statecontroller|retryscheduler|provenance|auditexport)..")
          .should()
          .notDependOnEachOther()
          .because("services meet over contracts and subjects only; move what is shared to a lib");

  @ArchTest
  static final ArchRule applicationKnowsNoAdapterAndNoFramework =
      noClasses()
          .that()
          .resideInAPackage("dev.dome.statecontroller.application")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..adapter..",
              "..config..",
              "dev.dome.statecontroller.api..",
              "io.quarkus..",
              "io.vertx..",
              "io.smallrye..",
              "io.nats..",
              "jakarta..",
              "org.hibernate..")
          .because(
              "the simulation runs the lane writer on one thread without any of these; reach the"
                  + " world through a port");

  @ArchTest
  static final ArchRule applicationIsBelowApiAndConfig =
      noClasses()
          .that()
          .resideInAPackage("dev.dome..application..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.dome..adapter..", "dev.dome..api..", "dev.dome..config..")
          .because("adapters implement the application's ports, never the other way round");

  @ArchTest
  static final ArchRule consumingTheJournalIsBelowItsAdapters =
      noClasses()
          .that()
          .resideInAPackage("dev.dome.journal")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.dome.journal.adapter..", "dev.dome.journal.config..")
          .because("order and gaps are judged without a framework; reach the world through a port");

  @ArchTest
  static final ArchRule apiDoesNotReachIntoAdapters =
      noClasses()
          .that()
          .resideInAPackage("dev.dome..api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.dome..adapter..")
          .because("an endpoint speaks to the application; let config wire the adapter in");

  @ArchTest
  static final ArchRule entitiesStayInAdapters =
      classes()
          .that()
          .areAnnotatedWith("jakarta.persistence.Entity")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("dev.dome..adapter..")
          .allowEmptyShould(false)
          .because(
              "an entity that leaves its adapter freezes the table's shape; map it to a record");

  @ArchTest
  static final ArchRule clientAndCliSeeNoKernelAndNoDatabase =
      noClasses()
          .that()
          .resideInAnyPackage("dev.dome.client..", "dev.dome.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.dome.kernel..", "java.sql..", "org.hibernate..", "io.vertx.sqlclient..")
          .because(
              "a client knows the HTTP contract only; ask an endpoint for it, or dev.dome.verification"
                  + " for what must hold without a server");

  @ArchTest
  static final ArchRule conformanceKnowsTheContractOnly =
      classes()
          .that()
          .resideInAPackage("dev.dome.conformance..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.sun.net.httpserver..",
              "dev.dome.conformance..",
              "dev.dome.contracts..",
              "com.fasterxml.jackson..")
          .because(
              "a worker of any language is held against documents and HTTP; a rule that the SDK"
                  + " knows and the contract does not is no rule");

  @ArchTest
  static final ArchRule verificationIsPure =
      classes()
          .that()
          .resideInAPackage("dev.dome.verification..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.lang..",
              "java.math..",
              "java.nio..",
              "java.util..",
              "dev.dome.verification..",
              "dev.dome.kernel..",
              "dev.dome.contracts..",
              "com.fasterxml.jackson.core..",
              "com.fasterxml.jackson.databind..")
          .because("an auditor runs it on a machine that has nothing but a ledger");

  @ArchTest
  static final ArchRule transparencyNeedsNothingButFiles =
      classes()
          .that()
          .resideInAPackage("dev.dome.transparency..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.lang..",
              "java.math..",
              "java.nio..",
              "java.security..",
              "java.util..",
              "dev.dome.transparency..",
              "dev.dome.contracts..",
              "com.fasterxml.jackson.core..",
              "com.fasterxml.jackson.databind..")
          .because("a stranger checks a bundle on a machine that has nothing but files");

  @ArchTest
  static final ArchRule verificationHandsOutNoKernelType =
      noMethods()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat(
              resideInAPackage("dev.dome.verification")
                  .and(
                      com.tngtech.archunit.base.DescribedPredicate.describe(
                          "can be seen outside", LayersTest::canBeSeenOutside)))
          .should()
          .haveRawReturnType(resideInAPackage("dev.dome.kernel.."))
          .because("the command line sees findings; what a row or a state is stays the kernel's");

  @ArchTest
  static final ArchRule jdbcLivesInMigrationsOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.dome.migrations..", "dev.dome.devstack..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.postgresql..", "org.flywaydb..")
          .because("services use the reactive driver; a JDBC pool costs memory and threads");

  @ArchTest
  static final ArchRule libsDoNotKnowServices =
      noClasses()
          .that()
          .resideOutsideOfPackages(SERVICES.stream().map(s -> s + "..").toArray(String[]::new))
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "belong to a service",
                  (JavaClass c) -> SERVICES.stream().anyMatch(c.getPackageName()::startsWith)))
          .because("a lib that needs a service is part of that service");

  @ArchTest
  static final ArchRule noDrawers =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .because("such a name collects what has no home; name the class after what it knows");

  private static boolean canBeSeenOutside(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(LayersTest::canBeSeenOutside).orElse(true);
  }
}
