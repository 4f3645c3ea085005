namespace Movento.Client;

/// <summary>Gives the code of an account's second factor; null where nobody can.</summary>
/// <param name="isWrong">Whether the one given before was not right.</param>
/// <param name="cancellationToken">Nobody waits for it any more.</param>
public delegate Task<string?> SecondFactorCode(bool isWrong, CancellationToken cancellationToken);
