/** The schema {@code provenance} through Hibernate Reactive. Entities never leave this package. */
package dev.dome.provenance.adapter.db;
