namespace Movento.ApiDescription.Metadata;

/// <summary>The endpoint knows the session by the refresh token's cookie.</summary>
/// <param name="IsRequired">Whether it refuses a request without it.</param>
public sealed record RefreshCookieRead(bool IsRequired);
