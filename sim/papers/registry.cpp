#include "sim/papers/papers.hpp"

namespace ridgeline::papers {

const std::vector<Paper>& all_papers() {
  static const std::vector<Paper> all{networks(), eyeriss(),     eyeriss_isca16(), accelergy(),
                                      scalesim(), squeezenext(), squeezelerator()};
  return all;
}

reports::Reproduction reproduce(const Paper& paper, const std::optional<SourceText>& published) {
  reports::Reproduction reproduction = published ? paper.figures_of(*published) : paper.figures();
  reproduction.name = paper.name;
  reproduction.title = paper.title;
  return reproduction;
}

}  // namespace ridgeline::papers
