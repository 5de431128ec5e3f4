using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

var flights = DataSource.From(["data/flights-sample.csv.gz"]);
var options = new RegressionOptions { Model = new() { Family = Family.Binomial } };

var delayed = Regression.Fit(flights, "I(delay > 15) ~ distance", options);

foreach (var line in delayed.Report(new()).Coefficients)
{
    Console.WriteLine($"{line.Term,-12} {line.Estimate,10:F6} ± {line.StandardError:F6}");
}
delayed.Save("artifacts/flights.ff");   // goes on tomorrow, merges with other machines', answers questions
