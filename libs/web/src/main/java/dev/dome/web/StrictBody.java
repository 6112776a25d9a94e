package dev.dome.web;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource method whose body the framework reads into a record. The body is strict JSON first:
 * what {@link dev.dome.contracts.StrictJson} refuses never comes to the mapper, which would take
 * the last of two equal names and half a surrogate pair.
 */
@NameBinding
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface StrictBody {}
