/**
 * An audit record in the forms that others read. Pure mappings of a record as it is served; what is
 * stored, hashed and exported as such is the record itself.
 */
package dev.dome.contracts.audit;
