namespace Movento.ApiDescription;

/// <summary>The cookie that holds a browser's sign-in, where this process has such.</summary>
/// <param name="Name">As it stands in the header.</param>
public sealed record SignInCookie(string Name);
