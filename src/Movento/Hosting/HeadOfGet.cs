namespace Movento.Hosting;

/// <summary>Whatever answers GET answers HEAD (RFC 9110 §9.1), by the same handler; the server leaves the body out. Monitors and load balancers ask so.</summary>
internal static class HeadOfGet
{
    public static RouteGroupBuilder AnswerHeadAsGet(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            for (var index = 0; index < endpoint.Metadata.Count; index++)
            {
                if (endpoint.Metadata[index] is IHttpMethodMetadata { HttpMethods: [var only] } && HttpMethods.IsGet(only))
                    endpoint.Metadata[index] = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
            }
        });
        return routes;
    }
}
