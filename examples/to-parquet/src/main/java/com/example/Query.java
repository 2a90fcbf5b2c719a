package com.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Runs the query in the file that the first argument names over the Parquet files in the folder
 * that the second one names, and prints its result. The table is {@code events}, which also has the
 * {@code day}.
 */
public final class Query {

    public static void main(String[] args) throws Exception {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duckdb.createStatement()) {
            sql.execute(
                    "create view events as from read_parquet('%s/*/*.parquet', union_by_name = true)"
                            .formatted(args[1].replace("'", "''")));
            print(sql.executeQuery(Files.readString(Path.of(args[0]))));
        }
    }

    private static void print(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        StringBuilder table = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
            cell(table, rows.getMetaData().getColumnLabel(i));
        }
        while (rows.next()) {
            table.append('\n');
            for (int i = 1; i <= columns; i++) {
                cell(table, rows.getString(i));
            }
        }
        System.out.println(table.toString().replaceAll("(?m) +$", ""));
    }

    private static void cell(StringBuilder table, String value) {
        table.append("%-12s".formatted(value == null ? "" : value));
    }
}
