package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import io.mailkeep.database.Room;
import io.mailkeep.kernel.Secret;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.postgresql.util.PasswordUtil;

/** The database's owner, who acts at start only. */
public final class Owner {
    private final String url;
    private final String name;
    private final Secret password;

    public Owner(String url, String name, Secret password) {
        this.url = url;
        this.name = name;
        this.password = password;
    }

    /** A new connection as the owner. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", name);
        properties.setProperty("password", clear());
        properties.setProperty("ApplicationName", "mailkeep-owner");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("logServerErrorDetail", "false");
        return DriverManager.getConnection(url, properties);
    }

    String url() {
        return url;
    }

    String name() {
        return name;
    }

    String clear() {
        byte[] bytes = password.exposeSecretBytes();
        try {
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Changes a room's password; the SCRAM verifier alone is sent (RFC 5802). One iteration:
     * stretching guards passwords that can be guessed, this one is 256 random bits, and every
     * connection of a start would wait for it.
     */
    public static void alterPassword(Connection connection, Room room, String password, byte[] salt)
            throws SQLException {
        String verifier = PasswordUtil.encodeScramSha256(password.toCharArray(), 1, salt);
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter role " + room.role() + " password '" + verifier + "'");
        }
    }

    /** The sentence for a failure of the owner's own statements. */
    public DatabaseRefused refused(SQLException cause) {
        String state = Failures.state(cause);
        if (state.startsWith("28")) {
            return new DatabaseRefused(
                    "The database at "
                            + url
                            + " doesn't let "
                            + name
                            + " in (SQLSTATE "
                            + state
                            + "): check database.owner and its password",
                    cause);
        }
        if (state.startsWith("08") || state.equals("57P03") || state.equals("3D000")) {
            return new DatabaseRefused(
                    "The database at "
                            + url
                            + " can't be reached (SQLSTATE "
                            + state
                            + "): check database.url, and that it is running",
                    cause);
        }
        return new DatabaseRefused(
                "The database at " + url + " couldn't be prepared (SQLSTATE " + state + ")", cause);
    }
}
