package io.mailkeep.api;

import io.mailkeep.kernel.Secret;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Lets a request to the administration API through only if it came in on the administration port
 * and carries the key. Everything else is answered as if nothing were there, in the same shape, and
 * no request elsewhere reaches a controller.
 */
public final class AdminGate implements Filter {
    private static final String SCHEME = "Bearer ";

    private final int port;
    private final Secret key;

    /** The local port of the administration connector, and its key. */
    public AdminGate(int port, Secret key) {
        this.port = port;
        this.key = key;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        if (request.getLocalPort() == port && authorised(http.getHeader("Authorization"))) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setHeader("Cache-Control", "no-store");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setHeader("Strict-Transport-Security", "max-age=31536000");
        if (request.getLocalPort() != port && http.getRequestURI().equals("/")) {
            answer.setContentType("text/plain; charset=utf-8");
            answer.getWriter()
                    .println(
                            "Mailkeep. Read mail by IMAP and send it by SMTP submission, both with TLS.");
            return;
        }
        answer.setStatus(HttpServletResponse.SC_NOT_FOUND);
    }

    private boolean authorised(@org.jspecify.annotations.Nullable String header) {
        if (header == null || header.length() > 256 || !header.startsWith(SCHEME)) {
            return false;
        }
        byte[] given = header.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
        return Secret.owning(given).equals(key);
    }
}
