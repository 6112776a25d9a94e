/**
 * The schemas of every service and the job that brings a database to them. The only place with
 * JDBC: services reach PostgreSQL reactively and never change a schema.
 */
package dev.dome.migrations;
